package sqlite_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/sync/sqlite"
)

// BenchmarkThrottled copies a shop whose requests the sandbox bounds as the platform
// does, and reports which part of the requests that are granted for orders it makes use
// of: those of a second at once, and the rate from there on.
func BenchmarkThrottled(b *testing.B) {
	for _, rate := range []float64{10, sandbox.DefaultThrottle} {
		b.Run(fmt.Sprintf("%.0f a second", rate), func(b *testing.B) {
			for b.Loop() {
				copyThrottled(b, rate)
			}
		})
	}
}

func copyThrottled(b *testing.B, rate float64) {
	server := sandboxtest.StartWith(b, sandbox.Config{Seed: 7, Orders: int(rate) * 2000, Throttle: &rate})
	store, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "shop.db"), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	engine, err := sync.New(b.Context(), store, sync.Config{Streams: []string{"orders"}, Since: 10 * 365 * 24 * time.Hour, Budget: -1, People: sync.People{Keep: true}})
	if err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	report, err := engine.Sync(b.Context(), shopOf(server, "GB"), server.Shop("GB"))
	if err != nil || report.Err() != nil {
		b.Fatal(err, report.Err())
	}
	took := time.Since(began).Seconds()
	requests := float64(report.Streams["orders"].Requests)
	b.ReportMetric(requests/took, "requests/s")
	b.ReportMetric(requests/(rate*(1+took)), "of-granted")
	if err := store.Close(); err != nil {
		b.Fatal(err)
	}
}
