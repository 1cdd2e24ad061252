package inbox_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/internal/faultkit/disk"
	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/inbox"
)

// A disk that is full makes the inbox refuse and say so. When there is room it
// goes on by itself, for every process on the folder, with all that it had.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	for _, consuming := range []bool{false, true} {
		t.Run(fmt.Sprintf("consuming=%t", consuming), func(t *testing.T) {
			t.Parallel()
			fullDisk(t, consuming)
		})
	}
	t.Run("program", func(t *testing.T) {
		t.Parallel()
		fullDisk(t, true, asProgram(t))
	})
}

func fullDisk(t *testing.T, consuming bool, options ...inbox.Option) {
	d := disk.New(t, 24<<20)
	box := open(t, "file:"+d.Dir(), options...)
	other := open(t, "file:"+d.Dir()) // as another process has it
	var got record
	f := func(_ context.Context, e *webhook.Event) error { got.add(e); return nil }
	if consuming {
		consume(t, box, "c", f, inbox.ConsumeOptions{Ordered: true, Redeliver: 2 * time.Second})
	}
	stored := map[string]bool{}
	n := 0
	store := func(box *inbox.Inbox) error {
		n++
		e := order(t, fmt.Sprint(n), "", 1)
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		if _, err := box.Put(ctx, e); err != nil {
			return err
		}
		stored[e.Object()] = true
		return nil
	}
	for range 20 {
		if err := store(box); err != nil {
			t.Fatal(err)
		}
	}
	if err := box.Health(t.Context()); err != nil {
		t.Errorf("healthy: %v", err)
	}
	for round := range 3 {
		d.Fill()
		var err error
		for err == nil {
			err = store(box)
		}
		eventually(t, "Put says why", func() bool { return errors.Is(store(box), inbox.ErrStorage) })
		eventually(t, "the health says that the disk is full", func() bool {
			err := box.Health(t.Context())
			return errors.Is(err, inbox.ErrStorage) && errors.Is(err, syscall.ENOSPC)
		})
		if metrics := metricsOf(box); !strings.Contains(metrics, "ttshop_inbox_up 0\n") {
			t.Errorf("metrics of a full disk:\n%s", metrics)
		}
		d.Free()
		start := time.Now()
		eventually(t, "it stores again", func() bool { return store(box) == nil })
		if took := time.Since(start); took > 8*time.Second {
			t.Errorf("round %d: it stores again after %s", round, took)
		}
		eventually(t, "it stores for the other process again", func() bool { return store(other) == nil })
		if err := box.Health(t.Context()); err != nil {
			t.Errorf("round %d: %v", round, err)
		}
		if metrics := metricsOf(box); !strings.Contains(metrics, "ttshop_inbox_up 1\n") {
			t.Errorf("metrics after round %d:\n%s", round, metrics)
		}
	}
	if !consuming {
		consume(t, other, "c", f, inbox.ConsumeOptions{})
	}
	eventually(t, "all that was stored is handed out", func() bool {
		have := map[string]bool{}
		for _, e := range got.all() {
			have[e.Object()] = true
		}
		for object := range stored {
			if !have[object] {
				return false
			}
		}
		return true
	})
}

func metricsOf(box *inbox.Inbox) string {
	w := httptest.NewRecorder()
	box.Metrics().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	return w.Body.String()
}
