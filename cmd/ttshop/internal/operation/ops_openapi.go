package operation

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/internal/openapi"
)

// openapiOptions are the options of ttshop ops openapi.
type openapiOptions struct {
	domains []string
	out     string
}

func newOpsOpenAPICmd(sys *platform.Session) *cobra.Command {
	var o openapiOptions
	cmd := &cobra.Command{
		Use:   "openapi",
		Short: "Write the operations as an OpenAPI document",
		Long: `Write the operations as one OpenAPI 3.1 document, from which generators make
clients in many languages: JSON, or YAML where the name of --out ends in .yaml.
Components have the names of the Go types, and most operations an example that a
sandbox gave. docs/openapi.md has recipes for openapi-typescript, oapi-codegen
and ogen.`,
		Example: `  ttshop ops openapi --out ttshop.json
  ttshop ops openapi --domain order --domain product --out ttshop.yaml`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return o.run(sys) },
	}
	cmd.Flags().StringArrayVar(&o.domains, "domain", nil, "only the operations of this domain; may be given several times")
	cmd.Flags().StringVar(&o.out, "out", "", "file to write to, instead of standard output")
	if err := cmd.RegisterFlagCompletionFunc("domain", cobra.FixedCompletions(new(catalog.Catalog).Domains(), cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(err) // the flag is there
	}
	return cmd
}

func (o *openapiOptions) run(sys *platform.Session) error {
	known := new(catalog.Catalog)
	var domains []string
	for _, domain := range o.domains {
		entries := known.Operations(field.CommandDomain(domain))
		if domain == "" || len(entries) == 0 {
			return console.Usagef("--domain: there is no domain %q%s", domain, console.DidYouMean(console.Closest(domain, known.Domains())))
		}
		domains = append(domains, entries[0].Domain)
	}
	examples, err := sandboxExamples(known)
	if err != nil {
		return err
	}
	doc, err := openapi.Build(known, openapi.Options{Domains: domains, Version: ttshop.Version, Examples: examples})
	if err != nil {
		return fmt.Errorf("making the document: %w", err)
	}
	write := doc.JSON
	if ext := filepath.Ext(o.out); ext == ".yaml" || ext == ".yml" {
		write = doc.YAML
	}
	text, err := write()
	if err != nil {
		return fmt.Errorf("making the document: %w", err)
	}
	if o.out == "" {
		_, err = sys.Out.Write(text)
		return err
	}
	if err := os.WriteFile(o.out, text, 0o644); err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	return nil
}
