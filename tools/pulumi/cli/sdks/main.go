// Writes the SDKs of a Pulumi package with the CLI's own generators: sdks SCHEMA FOLDER
//
// Into the folder come `nodejs` and `go`. A schema that is not as Pulumi wants it is an error; so is what it warns of.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	golang "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

func main() {
	if len(os.Args) != 3 {
		exit("sdks SCHEMA FOLDER")
	}
	if err := write(os.Args[1], os.Args[2]); err != nil {
		exit(err)
	}
}

func exit(why any) {
	fmt.Fprintln(os.Stderr, why)
	os.Exit(1)
}

func write(file, folder string) error {
	generators := map[string]func(*schema.Package) (map[string][]byte, error){
		"go": func(p *schema.Package) (map[string][]byte, error) { return golang.GeneratePackage("sdks", p, nil) },
		"nodejs": func(p *schema.Package) (map[string][]byte, error) {
			return nodejs.GeneratePackage("sdks", p, nil, nil, false, nil)
		},
	}
	for language, generate := range generators {
		bound, err := bind(file) // a generator leaves its marks in it
		if err != nil {
			return err
		}
		files, err := generate(bound)
		if err != nil {
			return fmt.Errorf("%s: %w", language, err)
		}
		for name, content := range files {
			path := filepath.Join(folder, language, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				return err
			}
			if err := os.WriteFile(path, content, 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

func bind(file string) (*schema.Package, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return nil, err
	}
	bound, said, err := schema.BindSpec(spec, schema.NewNullLoader(), schema.ValidationOptions{})
	if err == nil && len(said) > 0 {
		err = said
	}
	return bound, err
}
