// Package folderlock has locks between processes that use one folder.
package folderlock

import (
	"context"
	"errors"
	"os"
	"time"
)

// ErrHeld means that another process has the lock.
var ErrHeld = errors.New("another process has the folder open")

// Wait takes the lock as soon as its holder gives it back.
func Wait(ctx context.Context, path string) (*os.File, error) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		f, err := Take(path)
		if !errors.Is(err, ErrHeld) {
			return f, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-tick.C:
		}
	}
}
