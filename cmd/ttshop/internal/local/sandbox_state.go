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

// restoreState brings a sandbox to the state in a file. A missing file is not
// an error: the run creates it.
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

// readState reads a state file, up to the largest size that one can have.
func readState(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	tooLarge := fmt.Errorf("%s is larger than %d bytes, the most that a sandbox's state can be; name another file", name, MaxStateFile)
	if info, err := file.Stat(); err == nil && info.Size() > MaxStateFile {
		return nil, tooLarge
	}
	// The size of a device or a pipe means nothing.
	saved, err := io.ReadAll(io.LimitReader(file, MaxStateFile+1))
	if err != nil {
		return nil, err
	}
	if len(saved) > MaxStateFile {
		return nil, tooLarge
	}
	return saved, nil
}

// saveState saves the state to the file. It contains the sandbox's secrets.
func saveState(sb *sandbox.Sandbox, name string) error {
	if err := platform.WritePrivate(name, sb.Snapshot(), false); err != nil {
		return fmt.Errorf("save the state to %s: %w", name, err)
	}
	return nil
}
