package local

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sandbox"
	"gopkg.in/yaml.v3"
)

// newFixturesSchemaCmd returns the command that prints the schema of fixtures.
func newFixturesSchemaCmd(sys *platform.Session) *cobra.Command {
	return &cobra.Command{
		Use:   "fixtures-schema",
		Short: "Print the JSON schema of a file for --fixtures",
		Long: `Print the JSON schema of a file for ttshop sandbox --fixtures, for editors that
check and complete JSON and YAML.`,
		Example: "  ttshop sandbox fixtures-schema",
		Args:    console.Takes(0, 0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			if _, err := sys.Out.Write(sandbox.FixturesSchema()); err != nil {
				return fmt.Errorf("print the schema: %w", err)
			}
			return nil
		},
	}
}

// maxFixtures bounds a file of fixtures.
const maxFixtures = 16 << 20

// readFixtures reads the file of --fixtures; no name means no fixtures.
func readFixtures(name string) (*sandbox.Fixtures, error) {
	if name == "" {
		return nil, nil
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, console.Usagef("--fixtures: %w", err)
	}
	if info.Size() > maxFixtures {
		return nil, console.Usagef("--fixtures %s: more than 16 MiB", name)
	}
	raw, err := os.ReadFile(name)
	if err != nil {
		return nil, console.Usagef("--fixtures: %w", err)
	}
	if extension := strings.ToLower(filepath.Ext(name)); extension == ".yaml" || extension == ".yml" {
		if raw, err = jsonOfYAML(raw); err != nil {
			return nil, console.Usagef("--fixtures %s: %w", name, err)
		}
	}
	fixtures, err := sandbox.ReadFixtures(bytes.NewReader(raw))
	if err != nil {
		return nil, console.Usagef("--fixtures %s: %w", name, err)
	}
	return fixtures, nil
}

// jsonOfYAML writes YAML as JSON in which every value stands on its line of the
// file, so that what is said about the JSON is true of the file.
func jsonOfYAML(raw []byte) ([]byte, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(raw, &document); err != nil {
		return nil, errors.New(strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if len(document.Content) == 0 {
		return []byte("{}"), nil
	}
	w := yamlWriter{line: 1}
	if err := w.write(document.Content[0]); err != nil {
		return nil, err
	}
	return w.out.Bytes(), nil
}

// yamlWriter writes nodes as JSON.
type yamlWriter struct {
	out  bytes.Buffer
	line int
}

func (w *yamlWriter) write(n *yaml.Node) error {
	for ; w.line < n.Line; w.line++ {
		w.out.WriteByte('\n')
	}
	switch n.Kind {
	case yaml.MappingNode:
		return w.list('{', '}', n.Content, true)
	case yaml.SequenceNode:
		return w.list('[', ']', n.Content, false)
	case yaml.AliasNode:
		return fmt.Errorf("line %d: aliases are not supported; write the value out", n.Line)
	}
	switch n.Tag {
	case "!!int":
		var v int64
		if err := n.Decode(&v); err != nil {
			return fmt.Errorf("line %d: %.40q is not a whole number", n.Line, n.Value)
		}
		fmt.Fprint(&w.out, v)
	case "!!null":
		w.out.WriteString("null")
	case "!!bool":
		w.out.WriteString(strings.ToLower(n.Value))
	default: // a price such as 12.5 and a date are texts here
		return w.text(n.Value)
	}
	return nil
}

// list writes the parts of a mapping or of a sequence.
func (w *yamlWriter) list(begin, end byte, parts []*yaml.Node, mapping bool) error {
	w.out.WriteByte(begin)
	for i, part := range parts {
		switch {
		case mapping && i%2 == 1:
			w.out.WriteByte(':')
		case i > 0:
			w.out.WriteByte(',')
		}
		if mapping && i%2 == 0 {
			for ; w.line < part.Line; w.line++ {
				w.out.WriteByte('\n')
			}
			if part.Kind != yaml.ScalarNode {
				return fmt.Errorf("line %d: the name of a field is not a text", part.Line)
			}
			if err := w.text(part.Value); err != nil {
				return err
			}
			continue
		}
		if err := w.write(part); err != nil {
			return err
		}
	}
	w.out.WriteByte(end)
	return nil
}

func (w *yamlWriter) text(s string) error {
	raw, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("line %d: %w", w.line, err)
	}
	w.out.Write(raw)
	return nil
}
