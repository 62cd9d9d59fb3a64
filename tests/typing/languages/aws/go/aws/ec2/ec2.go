// Package ec2 is as much of Pulumi's SDK for AWS as the programs here use.
package ec2

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

type Vpc struct{ pulumi.CustomResourceState }

type VpcArgs struct{ CidrBlock pulumi.StringPtrInput }

type Instance struct{ pulumi.CustomResourceState }

type InstanceArgs struct {
	InstanceType        pulumi.StringPtrInput
	VpcSecurityGroupIds pulumi.StringArrayInput
	UserData            pulumi.StringPtrInput
}

func NewVpc(*pulumi.Context, string, *VpcArgs, ...pulumi.ResourceOption) (*Vpc, error) {
	return nil, nil
}

func NewInstance(*pulumi.Context, string, *InstanceArgs, ...pulumi.ResourceOption) (*Instance, error) {
	return nil, nil
}
