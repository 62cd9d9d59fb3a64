from . import ec2 as ec2
from . import lb as lb
