// As much of @pulumi/aws as the programs here use.
import * as pulumi from "@pulumi/pulumi";

export declare namespace ec2 {
    class Vpc extends pulumi.CustomResource {
        readonly cidrBlock: pulumi.Output<string>;
        constructor(name: string, args: { cidrBlock: pulumi.Input<string> });
    }
    class Instance extends pulumi.CustomResource {
        constructor(
            name: string,
            args: {
                instanceType: pulumi.Input<string>;
                vpcSecurityGroupIds: pulumi.Input<pulumi.Input<string>[]>;
                userData?: pulumi.Input<string>;
            },
        );
    }
}
