from . import ec2 as ec2
