package inbox

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// After a failed write the server accepts no more until it is restarted, and one
// that is a process of its own may be killed. The host starts it again as soon as
// its folder can be written to.

const (
	// probeSize is what must fit into the folder: a start writes some files.
	probeSize = 1 << 20
	// probeEvery is how often it is tried.
	probeEvery = 500 * time.Millisecond
)

// report records that the server failed to write, or ended.
func (h *host) report() {
	select {
	case h.failures <- struct{}{}:
	default:
	}
}

// storageError returns why the folder cannot be written to, or nil if it can.
func (h *host) storageError() error {
	if err := h.failed.Load(); err != nil {
		return *err
	}
	return nil
}

// watch starts the server again after failures, until the context ends.
func (h *host) watch(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.failures:
		}
		h.recover(ctx)
	}
}

// recover waits until the folder can be written to and starts the server again.
func (h *host) recover(ctx context.Context) {
	fail := func(err error) {
		err = fmt.Errorf("%w: %w", ErrStorage, err)
		h.failed.Store(&err)
	}
	fail(errors.New("the server of the folder failed"))
	for reported := ""; ; {
		err := probe(h.dir)
		if err == nil {
			err = h.restart(ctx)
		}
		if err == nil {
			break
		}
		fail(err)
		if err.Error() != reported {
			h.log.Error("webhook inbox: events cannot be stored; deliveries are refused until they can", "folder", h.dir, "error", err)
			reported = err.Error()
		}
		if !pause(ctx, probeEvery) {
			return
		}
	}
	select {
	case <-h.failures: // of the server that is gone
	default:
	}
	h.failed.Store(nil)
	h.log.Warn("webhook inbox: events are stored again", "folder", h.dir)
}

// probe reports whether a folder takes some more.
func probe(dir string) (err error) {
	f, err := os.OpenFile(filepath.Join(dir, "probe"), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	if _, err := f.Write(make([]byte, probeSize)); err != nil {
		return err
	}
	return f.Sync()
}

// tellsOfStorage reports whether the server says that it writes no more.
func tellsOfStorage(message string) bool {
	return strings.Contains(message, "Critical write error") || strings.Contains(message, "will be DISABLED")
}

// globalAccount is the server's name for the account of the streams; it names a
// folder.
const globalAccount = "$G"

// setDamagedAside moves the files of consumers that the server did not open out of
// the way, since it would refuse to create these consumers again. They then begin
// with the oldest event.
func (b *Inbox) setDamagedAside(opened []string) error {
	folder := filepath.Join(b.host.dir, "jetstream", globalAccount, "streams", b.eventsName(), "obs")
	entries, err := os.ReadDir(folder)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("inbox: looking for damaged files: %w", err)
	}
	for _, entry := range entries {
		if slices.Contains(opened, entry.Name()) {
			continue
		}
		to := filepath.Join(b.host.dir, "damaged", fmt.Sprintf("%s.%d", entry.Name(), time.Now().UnixNano()))
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return fmt.Errorf("inbox: setting damaged files aside: %w", err)
		}
		if err := os.Rename(filepath.Join(folder, entry.Name()), to); err != nil {
			return fmt.Errorf("inbox: setting damaged files aside: %w", err)
		}
		b.settings.log().Error("webhook inbox: the place of a consumer is damaged; it gets all stored events again", "consumer", entry.Name(), "files", to)
	}
	return nil
}
