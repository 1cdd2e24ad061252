package cli

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// versionOptions are the options of ttshop version.
type versionOptions struct {
	JSON bool
}

func newVersionCmd(sys *platform.Session) *cobra.Command {
	var o versionOptions
	cmd := &cobra.Command{
		Use:     "version",
		Short:   "Show the version",
		Example: "  ttshop version\n  ttshop version --json",
		Args:    console.Takes(0, 0, "no arguments"),
		RunE:    func(*cobra.Command, []string) error { return o.run(sys) },
	}
	cmd.Flags().BoolVar(&o.JSON, "json", false, "answer in JSON")
	return cmd
}

func (o *versionOptions) run(sys *platform.Session) error {
	if o.JSON {
		return console.WriteJSON(sys.Out, struct {
			Version string `json:"version"`
			Go      string `json:"go"`
			OS      string `json:"os"`
			Arch    string `json:"arch"`
		}{ttshop.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH})
	}
	_, err := fmt.Fprintf(sys.Out, "ttshop %s (%s, %s/%s)\n", ttshop.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
