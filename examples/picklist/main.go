// Picklist is a service that keeps the list of goods to fetch from the shelves. The
// platform tells it by webhook which orders are to be shipped:
//
//	picklist -listen :8080
//
// POST /webhook takes the deliveries, GET /picklist answers the list as JSON. Its
// tests show how a service of one's own is tested: the rules by an interface that a
// few lines play, the whole against the sandbox.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"sync"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/api/order"
	"github.com/ttshop-go/ttshop/examples/internal/env"
	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/event"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:8080", "address to listen on")
	flag.Parse()
	if err := run(*listen); err != nil {
		fmt.Fprintln(os.Stderr, "picklist:", err)
		os.Exit(1)
	}
}

func run(listen string) error {
	shop, err := env.Shop()
	if err != nil {
		return err
	}
	app, err := webhook.NewApp(os.Getenv("TTSHOP_APP_KEY"), os.Getenv("TTSHOP_APP_SECRET"))
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	server := &http.Server{Addr: listen, Handler: newPicklist(order.New(shop)).handler(app), ReadHeaderTimeout: 5 * time.Second}
	context.AfterFunc(ctx, func() { _ = server.Shutdown(context.WithoutCancel(ctx)) })
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		return err
	}
	return nil
}

// orderGetter is what the service asks of the order domain.
type orderGetter interface {
	Get(ctx context.Context, params *order.GetParams, options ...ttshop.CallOption) (*order.GetResult, error)
}

// picklist holds what is to be fetched. An event only says which order to look at,
// so that it does not matter in what order events come, or how often.
type picklist struct {
	orders orderGetter

	mu   sync.Mutex
	seen map[string]state // by order
}

// state is how an order was seen last.
type state struct {
	updated ttshop.UnixTime
	items   []order.LineItem // none unless the order is to be shipped
}

func newPicklist(orders orderGetter) *picklist {
	return &picklist{orders: orders, seen: map[string]state{}}
}

func (p *picklist) handler(app webhook.App) http.Handler {
	deliveries := webhook.NewHandler(app)
	webhook.On(deliveries, func(ctx context.Context, e *event.OrderStatusChange) error {
		return p.look(ctx, e.Data.OrderID)
	})
	mux := http.NewServeMux()
	mux.Handle("POST /webhook", deliveries)
	mux.HandleFunc("GET /picklist", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(p.picks()) // whoever asked has gone
	})
	return mux
}

// look brings an order up to date. An error makes the platform try again.
func (p *picklist) look(ctx context.Context, id string) error {
	res, err := p.orders.Get(ctx, &order.GetParams{IDs: []string{id}})
	if err != nil {
		return fmt.Errorf("read order %s: %w", id, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, o := range res.Orders {
		if p.seen[o.ID].updated > o.UpdateTime {
			continue // read before what is held, for another event
		}
		now := state{updated: o.UpdateTime}
		if o.Status == order.StatusAwaitingShipment && o.FulfillmentType == order.FulfillmentTypeFulfillmentBySeller {
			now.items = o.LineItems
		}
		p.seen[o.ID] = now
	}
	return nil
}

// pick is what to fetch of one SKU.
type pick struct {
	SKU      string `json:"sku"`
	Name     string `json:"name"`
	Quantity int    `json:"quantity"`
}

// picks returns the list, in the order of the shelves.
func (p *picklist) picks() []pick {
	p.mu.Lock()
	defer p.mu.Unlock()
	bySKU := map[string]pick{}
	for _, o := range p.seen {
		for _, item := range o.items { // one for each piece
			if item.CancelUser == "" {
				bySKU[item.SKUID] = pick{cmp.Or(item.SellerSKU, item.SKUID), item.ProductName + ", " + item.SKUName, bySKU[item.SKUID].Quantity + 1}
			}
		}
	}
	return slices.SortedFunc(maps.Values(bySKU), func(a, b pick) int { return cmp.Compare(a.SKU, b.SKU) })
}
