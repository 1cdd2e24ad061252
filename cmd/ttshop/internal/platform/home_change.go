package platform

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/ttshop-go/ttshop/internal/filelock"
	"github.com/ttshop-go/ttshop/internal/realpath"
)

// lockPatience is how long a run waits for others that change what is kept. It
// is longer than a person has to unlock the keyring.
const lockPatience = 2 * time.Minute

// Change lets edit change configuration and secrets, and then writes the
// configuration. Concurrent runs take turns, each starting from what the one
// before has left: edit sees the files as they are now, not as they were
// when the run began. Nothing is written where edit fails. edit must not call
// Change.
func (h *Home) Change(ctx context.Context, edit func() error) error {
	return h.Locked(ctx, func() error {
		if err := edit(); err != nil {
			return err
		}
		return h.save()
	})
}

// Locked runs do while no other run changes configuration or secrets, after it
// has read them again.
func (h *Home) Locked(ctx context.Context, do func() error) error {
	unlock, err := h.lock(ctx)
	if err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	defer unlock()
	now, err := LoadConfig(h.Vault.sys)
	if err != nil {
		return err
	}
	h.Config, h.Profile = now, now.Profiles[h.Name]
	h.Vault.keys = nil // another run may have made or changed them
	if now.Secrets != "" {
		h.Vault.Place = now.Secrets
	}
	return do()
}

// lock waits for the lock of the configuration file. It lies beside the file
// itself, so that links to one file share it.
func (h *Home) lock(ctx context.Context) (unlock func(), err error) {
	if h.Path == "" {
		return nil, h.homeless()
	}
	path, err := realpath.Of(h.Path)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	ctx, stop := context.WithTimeoutCause(ctx, lockPatience, fmt.Errorf("another ttshop has been changing the configuration for %v; end it and run this again", lockPatience))
	defer stop()
	unlock, err = filelock.Lock(ctx, path+".lock", true)
	if errors.Is(err, errors.ErrUnsupported) {
		// Reading again just before writing is the best that can be done.
		return func() {}, nil
	}
	return unlock, err
}
