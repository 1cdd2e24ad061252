package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/api/order"
	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
	"github.com/ttshop-go/ttshop/tokenstore"
)

var regions = []string{"GB", "US", "VN"}

// world is a sandbox whose shops are ingested into a folder.
type world struct {
	*sandboxtest.Server
	fleet  *tokenstore.Fleet
	folder string
	now    time.Time
}

func newWorld(t *testing.T) *world {
	server := sandboxtest.Start(t)
	// On a clock that stands still nothing happens by itself, but the throttle
	// would not let go either.
	if err := server.Control.SetThrottle(t.Context(), control.Throttle{}); err != nil {
		t.Fatal(err)
	}
	if _, err := server.Control.Freeze(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	fleet, err := server.Fleet(tokenstore.FleetConfig{})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{Server: server, fleet: fleet, folder: t.TempDir()}
	w.advance(t, time.Hour) // past the orders that are still on their way into the search
	return w
}

func (w *world) advance(t *testing.T, d time.Duration) {
	t.Helper()
	clock, err := w.Control.Advance(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	w.now = time.Unix(clock.Now, 0)
}

func (w *world) ingest(t *testing.T) (string, error) {
	var out strings.Builder
	err := ingest(t.Context(), w.fleet, w.folder, w.now.AddDate(-1, 0, 0), w.now, &out)
	return out.String(), err
}

// check compares the folder with the orders of the sandbox: which there are, where
// they stand, and what they come to.
func (w *world) check(t *testing.T) {
	t.Helper()
	for _, region := range regions {
		want := map[string]order.FoundOrder{}
		var total, held ttshop.Money
		for o, err := range order.New(w.Shop(region)).SearchAll(t.Context(), &order.SearchParams{}) {
			if err != nil {
				t.Fatal(err)
			}
			want[o.ID] = o
			total = add(t, total, o)
		}
		files, err := filepath.Glob(filepath.Join(w.folder, w.ShopID(region), "[0-9]*.json"))
		if err != nil || len(files) != len(want) || len(want) == 0 {
			t.Errorf("%s: %d files for %d orders: %v", region, len(files), len(want), err)
		}
		for _, name := range files {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var o order.FoundOrder
			if err := json.Unmarshal(data, &o); err != nil {
				t.Fatal(err)
			}
			if o.Status != want[o.ID].Status || o.UpdateTime != want[o.ID].UpdateTime {
				t.Errorf("%s: order %s is held as %s of %d, want %s of %d", region, o.ID, o.Status, o.UpdateTime, want[o.ID].Status, want[o.ID].UpdateTime)
			}
			held = add(t, held, o)
		}
		if c, err := held.Cmp(total); err != nil || c != 0 || total.IsZero() {
			t.Errorf("%s: the files come to %v, the orders to %v: %v", region, held, total, err)
		}
	}
}

func add(t *testing.T, total ttshop.Money, o order.FoundOrder) ttshop.Money {
	t.Helper()
	total, err := total.Add(ttshop.Money{Amount: o.Payment.TotalAmount, Currency: o.Payment.Currency})
	if err != nil {
		t.Fatal(err)
	}
	return total
}

func TestIngest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if out, err := w.ingest(t); err != nil || strings.Count(out, "\n") != len(w.Credentials.Shops) {
		t.Fatalf("error %v, report %s", err, out)
	}
	w.check(t)

	var moved string
	for o, err := range order.New(w.Shop("GB")).SearchAll(t.Context(), &order.SearchParams{OrderStatus: order.StatusInTransit}) {
		if err != nil {
			t.Fatal(err)
		}
		moved = o.ID
		break
	}
	if _, err := w.Control.MoveOrder(t.Context(), moved, string(order.StatusDelivered)); err != nil {
		t.Fatal(err)
	}
	w.advance(t, 2*time.Minute)
	out, err := w.ingest(t)
	if err != nil || !strings.Contains(out, "GB "+w.ShopID("GB")+": 1 orders\n") {
		t.Errorf("one order changed; error %v, report %s", err, out)
	}
	w.check(t)

	w.advance(t, 2*time.Minute)
	if out, err := w.ingest(t); err != nil || strings.Count(out, ": 0 orders\n") != len(w.Credentials.Shops) {
		t.Errorf("nothing changed; error %v, report %s", err, out)
	}
}

// A shop that fails neither stops the others nor loses what it has.
func TestIngestGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, err := w.Control.AddFault(t.Context(), control.Fault{
		Match: control.Match{Operation: "order.*", ShopID: w.ShopID("US")}, Then: control.Effect{Code: 36009043}, // the shop is inactive
	})
	if err != nil {
		t.Fatal(err)
	}
	out, err := w.ingest(t)
	if !errors.Is(err, ttshop.ErrUnauthorized) || !strings.Contains(out, "US "+w.ShopID("US")+": 0 orders\n") || strings.Count(out, ": 0 orders\n") != 1 {
		t.Errorf("error %v, report %s", err, out)
	}
	if err := w.Control.RemoveFault(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if _, err := w.ingest(t); err != nil {
		t.Fatal(err)
	}
	w.check(t)
}

func TestIngestRefusesDamagedState(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	folder := filepath.Join(w.folder, w.ShopID("GB"))
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "done.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := ingest(t.Context(), w.fleet, w.folder, w.now.AddDate(0, 0, -1), w.now, io.Discard); err == nil {
		t.Error("a damaged checkpoint is taken")
	}
}
