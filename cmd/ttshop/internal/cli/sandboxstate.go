package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/ttshop-go/ttshop/sandbox"
)

// restoreState brings a sandbox to the state that a file keeps. No file is no
// error: it comes with the run.
func restoreState(sb *sandbox.Sandbox, name string) error {
	saved, err := os.ReadFile(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return usagef("--state: %w", err)
	}
	if err := sb.Restore(saved); err != nil {
		return usagef("--state %s: %w; nothing was changed, name another file", name, err)
	}
	return nil
}

// saveState keeps the state in the file. Secrets of the sandbox stand in it.
func saveState(sb *sandbox.Sandbox, name string) error {
	if err := writePrivate(name, sb.Snapshot(), false); err != nil {
		return fmt.Errorf("keep the state in %s: %w", name, err)
	}
	return nil
}
