package cli

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop"
)

// versionOptions are the options of ttshop version.
type versionOptions struct {
	JSON bool
}

func newVersionCmd(sys *System) *cobra.Command {
	var o versionOptions
	cmd := &cobra.Command{
		Use:     "version",
		Short:   "Show the version",
		Example: "  ttshop version\n  ttshop version --json",
		Args:    takes(0, 0, "no arguments"),
		RunE:    func(*cobra.Command, []string) error { return o.run(sys) },
	}
	cmd.Flags().BoolVar(&o.JSON, "json", false, "answer in JSON")
	return cmd
}

func (o *versionOptions) run(sys *System) error {
	if o.JSON {
		return writeJSON(sys.Out, struct {
			Version string `json:"version"`
			Go      string `json:"go"`
			OS      string `json:"os"`
			Arch    string `json:"arch"`
		}{ttshop.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH})
	}
	_, err := fmt.Fprintf(sys.Out, "ttshop %s (%s, %s/%s)\n", ttshop.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
