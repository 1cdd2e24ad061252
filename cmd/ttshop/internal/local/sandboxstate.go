package local

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sandbox"
)

// restoreState brings a sandbox to the state that a file keeps. No file is no
// error: it comes with the run.
func restoreState(sb *sandbox.Sandbox, name string) error {
	saved, err := readState(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return console.Usagef("--state: %w", err)
	}
	if err := sb.Restore(saved); err != nil {
		return console.Usagef("--state %s: %w; nothing was changed, name another file", name, err)
	}
	return nil
}

// MaxStateFile bounds a state file that is read, as the sandbox bounds a
// snapshot that is put.
const MaxStateFile = 256 << 20

// readState reads a state file that is no larger than it can be.
func readState(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	tooLarge := fmt.Errorf("%s is larger than %d bytes, which no state of a sandbox is; name another file", name, MaxStateFile)
	if info, err := file.Stat(); err == nil && info.Size() > MaxStateFile {
		return nil, tooLarge
	}
	// A size says nothing about a device or a pipe.
	saved, err := io.ReadAll(io.LimitReader(file, MaxStateFile+1))
	if err != nil {
		return nil, err
	}
	if len(saved) > MaxStateFile {
		return nil, tooLarge
	}
	return saved, nil
}

// saveState keeps the state in the file. Secrets of the sandbox stand in it.
func saveState(sb *sandbox.Sandbox, name string) error {
	if err := platform.WritePrivate(name, sb.Snapshot(), false); err != nil {
		return fmt.Errorf("keep the state in %s: %w", name, err)
	}
	return nil
}
