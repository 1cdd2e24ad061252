package operation

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// NewOpsCmd returns the command ttshop ops.
func NewOpsCmd(sys *platform.Session) *cobra.Command {
	cmd := console.Group(&cobra.Command{
		Use:   "ops",
		Short: "Find and describe operations",
		Long: `List, search and describe the operations of the API. Everything is in the
command: no network is used.`,
	})
	cmd.AddCommand(newOpsListCmd(sys), newOpsSearchCmd(sys), newOpsDescribeCmd(sys), newOpsOpenAPICmd(sys))
	return cmd
}

// opsOptions are the options of the commands below ttshop ops.
type opsOptions struct{ JSON bool }

func (o *opsOptions) add(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&o.JSON, "json", false, "answer in JSON")
}

// entryJSON is an operation in lists for machines.
type entryJSON struct {
	Name    string `json:"name"`
	Go      string `json:"go"`
	Domain  string `json:"domain"`
	Version string `json:"version"`
	Method  string `json:"method"`
	Path    string `json:"path"`
	Summary string `json:"summary"`
	Command string `json:"command"`
	Sunset  string `json:"sunset,omitempty"`
	Raw     bool   `json:"raw,omitempty"`
}

func newEntryJSON(e catalog.Entry) entryJSON {
	command := "ttshop " + field.Family{Name: field.BaseName(e.Name), Versions: []catalog.Entry{e}}.Command()
	if field.BaseName(e.Name) != e.Name {
		command += " --api-version " + e.Version()
	}
	return entryJSON{e.FullName(), e.GoFullName(), e.Domain, e.Version(), e.Method, e.Path, field.Sentence(e.Summary) + ".", command, e.Sunset, e.Raw}
}

func writeEntries(sys *platform.Session, entries []catalog.Entry) error {
	list := make([]entryJSON, len(entries))
	for i, e := range entries {
		list[i] = newEntryJSON(e)
	}
	return console.WriteJSON(sys.Out, list)
}

// WriteList writes names and texts in two columns, the texts wrapped. A name that
// is too long for its column gets a line of its own.
func WriteList(b *strings.Builder, rows []console.Row, columns int) {
	const indent, most = 2, 32
	longest := 0
	for _, r := range rows {
		if n := len(r.Label); n <= most {
			longest = max(longest, n)
		}
	}
	if columns < 2*most { // a narrow terminal: the text goes below
		longest = 2
	}
	if longest == 0 {
		longest = most
	}
	start := indent + longest + 2
	for _, r := range rows {
		b.WriteString(strings.Repeat(" ", indent) + r.Label)
		if r.Value == "" {
			b.WriteByte('\n')
			continue
		}
		if len(r.Label) > longest {
			b.WriteString("\n" + strings.Repeat(" ", start))
		} else {
			b.WriteString(strings.Repeat(" ", start-indent-len(r.Label)))
		}
		b.WriteString(strings.Join(console.Wrap(strings.Fields(r.Value), " ", columns-start), "\n"+strings.Repeat(" ", start)))
		b.WriteByte('\n')
	}
}
