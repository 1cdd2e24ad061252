package sandbox

import (
	"sync"
	"sync/atomic"
	"time"
)

// world is the state of everything behind the gateway: two sellers, their
// shops and what is shared between them.
type world struct {
	seed      uint64
	seller    seller // of the first shops
	neighbour seller // owns the last shop
	shops     []*shop
	owners    owners
	rooms     rooms
	ports     ports
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
	identity
	owner      string // open id of the seller
	region     *region
	auditDelay time.Duration
	listen     func(eventType int, data any) // to all that is announced, under the lock; nil except in tests

	mu           sync.RWMutex
	warehouses   []warehouse
	warehouseIDs ids
	ids          ids
	deadlines    *deadlines
	rooms        rooms

	world *world
	due   atomic.Int64 // the next deadline in Unix seconds
}

// identity is how answers show a shop.
type identity struct {
	ID         string `json:"id"`
	Cipher     string `json:"cipher"`
	Name       string `json:"name"`
	Region     string `json:"region"`      // two letters, such as GB
	Code       string `json:"code"`        // as displayed in Seller Center
	SellerType string `json:"seller_type"` // LOCAL or CROSS_BORDER
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
