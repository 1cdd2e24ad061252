// Orderingest keeps a folder in step with the orders of all shops that authorized
// the app: a file for each order, as the platform sent it.
//
//	orderingest -to orders -since 2026-08-01
//
// Each run reads what changed since the one before, in windows that it ticks off as
// it goes, so that it can be stopped at any time. The grants are those of a token
// store, in TTSHOP_TOKEN_STORE and TTSHOP_TOKEN_KEY.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/api/order"
	"github.com/ttshop-go/ttshop/oauth"
	"github.com/ttshop-go/ttshop/tokenstore"
)

func main() {
	to := flag.String("to", "orders", "folder for the orders")
	since := flag.String("since", "", "where the first run begins: a day of UTC, such as 2026-08-01")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *to, ttshop.Date(*since)); err != nil {
		fmt.Fprintln(os.Stderr, "orderingest:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, to string, since ttshop.Date) (err error) {
	start, err := since.Time(time.UTC)
	if err != nil {
		return err
	}
	keys, err := tokenstore.ParseKeys(os.Getenv("TTSHOP_TOKEN_KEY"))
	if err != nil {
		return fmt.Errorf("TTSHOP_TOKEN_KEY: %w", err)
	}
	store, err := tokenstore.Open(ctx, os.Getenv("TTSHOP_TOKEN_STORE"), keys)
	if err != nil {
		return fmt.Errorf("TTSHOP_TOKEN_STORE: %w", err)
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	app := &oauth.App{Key: os.Getenv("TTSHOP_APP_KEY"), Secret: ttshop.Secret(os.Getenv("TTSHOP_APP_SECRET"))}
	fleet := tokenstore.NewFleet(app, store, tokenstore.FleetConfig{})
	defer func() { err = errors.Join(err, fleet.Close(context.WithoutCancel(ctx))) }()
	return ingest(ctx, fleet, to, start, time.Now(), os.Stdout)
}

// ingest brings the folder of every shop to the time now. Shops go on side by
// side, and one that fails does not hold up the others.
func ingest(ctx context.Context, fleet *tokenstore.Fleet, to string, start, now time.Time, out io.Writer) error {
	shops, err := fleet.Shops(ctx)
	if err != nil {
		return fmt.Errorf("list shops: %w", err)
	}
	var (
		wait   sync.WaitGroup
		mu     sync.Mutex
		failed []error
		seen   = map[string]bool{} // a shop can be reached by several grants
	)
	for _, shop := range shops {
		if seen[shop.ID] {
			continue
		}
		seen[shop.ID] = true
		wait.Go(func() {
			n, err := ingestShop(ctx, fleet, shop.ID, filepath.Join(to, shop.ID), start, now)
			mu.Lock()
			defer mu.Unlock()
			fmt.Fprintf(out, "%s %s: %d orders\n", shop.Region, shop.ID, n)
			if err != nil {
				failed = append(failed, fmt.Errorf("shop %s: %w", shop.ID, err))
			}
		})
	}
	wait.Wait()
	return errors.Join(failed...)
}

// ingestShop reads the windows after the last one that was finished, and returns
// how many orders it wrote.
func ingestShop(ctx context.Context, fleet *tokenstore.Fleet, id, folder string, start, now time.Time) (int, error) {
	shop, err := fleet.Shop(ctx, id)
	if err != nil {
		return 0, err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil { // orders name their buyers
		return 0, err
	}
	state := filepath.Join(folder, "done.json")
	done := ttshop.Span{To: ttshop.TimeOf(start)}
	if err := readJSON(state, &done); err != nil {
		return 0, err
	}
	orders := 0
	for window := range done.Windows(now, time.Minute, 7*24*time.Hour) {
		n, err := ingestWindow(ctx, order.New(shop), folder, window)
		orders += n
		if err != nil {
			return orders, fmt.Errorf("window from %s: %w", window.From.Time().Format(time.RFC3339), err)
		}
		if err := writeJSON(state, window); err != nil {
			return orders, err
		}
	}
	return orders, nil
}

// ingestWindow writes the orders that last changed in a window.
func ingestWindow(ctx context.Context, orders order.Service, folder string, window ttshop.Span) (n int, err error) {
	params := &order.SearchParams{
		SortField: order.SortFieldUpdateTime, SortOrder: ttshop.SortAscending, UpdateTimeGe: window.From, UpdateTimeLt: window.To,
	}
	var raw json.RawMessage
	for o, err := range orders.SearchAll(ctx, params, ttshop.RawItem(&raw)) {
		if err != nil {
			return n, err
		}
		name := filepath.Join(folder, o.ID+".json")
		var held order.FoundOrder
		if err := readJSON(name, &held); err != nil {
			return n, err
		}
		if held.UpdateTime >= o.UpdateTime {
			continue // came already, before the run was stopped or on another page
		}
		if err := writeJSON(name, raw); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// readJSON leaves v as it is where there is no file.
func readJSON(name string, v any) error {
	data, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// writeJSON replaces a file as a whole, so that none is ever half there.
func writeJSON(name string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if err := os.WriteFile(name+".new", data, 0o600); err != nil {
		return err
	}
	return os.Rename(name+".new", name)
}
