package sandbox

import (
	"sync"
	"sync/atomic"
	"time"
)

// world is the state of everything behind the gateway: two sellers, their
// shops and what is shared between them.
type world struct {
	seed    uint64
	catalog *catalog
	seller  seller // of the first shops
	// neighbour is another seller, who owns the last shop.
	neighbour seller
	shops     []*shop
	owners    owners
	brands    brands
	images    images
	files     files
	registers registers
	globals   globals
	creators  map[string][]*creator // by market; they never change

	webhooks webhooks
}

// owners tells to which shop an order, a package, a product or a SKU belongs.
// Nothing else is locked while its lock is held.
type owners struct {
	mu    sync.RWMutex
	shops map[string]*shop
}

func (o *owners) add(s *shop, ids ...string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, id := range ids {
		o.shops[id] = s
	}
}

// of returns the owner of an id, or nil.
func (o *owners) of(id string) *shop {
	o.mu.RLock()
	defer o.mu.RUnlock()
	return o.shops[id]
}

// seller owns the shops.
type seller struct {
	openID        string
	creatorOpenID string
	name          string
	region        string
	assetCipher   string // of the category asset
}

// shop is one shop with its state. Its lock guards everything that operations
// change.
type shop struct {
	Shop
	owner      string // open id of the seller
	region     *region
	auditDelay time.Duration
	hooks      *webhooks                     // of the world; nil while it is invented
	listen     func(eventType int, data any) // to all that is announced, under the lock; nil but in tests

	mu              sync.RWMutex
	warehouses      []warehouse
	warehouseIDs    ids
	ids             ids
	products        products
	orders          orders
	archive         *archive
	upgradeEnds     int64               // of the last move to the newer categories, in Unix seconds
	idempotencyKeys map[string]*product // of product creations
	customIDs       map[string]string   // of names of the seller's own
	trade           trade
	promotions      promotions
	desk            desk
	affiliate       affiliate
	moves           []stockMove // that are announced together, see together; nil in between

	world *world
	due   atomic.Int64 // the next deadline in Unix seconds
}

// shopByID returns a shop by its id, or nil.
func (w *world) shopByID(id string) *shop {
	for _, s := range w.shops {
		if s.ID == id {
			return s
		}
	}
	return nil
}
