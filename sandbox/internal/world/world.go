// Package world is the ground that all domains stand on: sellers, shops with
// their lock, identity and warehouses, the owners of ids, the clock and the queue
// of deadlines. What else a shop or the world has belongs to the domains, which
// keep it in rooms.
package world

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
)

// World is the state of everything behind the gateway: two sellers, their
// shops and what is shared between them.
type World struct {
	Seed      uint64
	Seller    Seller // of all shops but one
	Neighbour Seller // owns the other
	Shops     []*Shop
	Owners    Owners
	Rooms     rooms
	Ports     Ports
}

// Owners tells to which shop an order, a package, a product or a SKU belongs.
// Nothing else is locked while its lock is held.
type Owners struct {
	mu    sync.RWMutex
	Shops map[string]*Shop
}

// Add notes that ids belong to a shop.
func (o *Owners) Add(s *Shop, ids ...string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, id := range ids {
		o.Shops[id] = s
	}
}

// Of returns the owner of an id, or nil.
func (o *Owners) Of(id string) *Shop {
	o.mu.RLock()
	defer o.mu.RUnlock()
	return o.Shops[id]
}

// Seller owns the shops.
type Seller struct {
	OpenID        string `json:"open_id"`
	CreatorOpenID string `json:"creator_open_id"`
	Name          string `json:"name"`
	Region        string `json:"region"`
	AssetCipher   string `json:"asset_cipher"` // of the category asset
}

// Shop is one shop with its state. Its lock guards everything that operations
// change.
type Shop struct {
	Identity
	Owner      string // open id of the seller
	Market     *market.Region
	AuditDelay time.Duration
	Listen     func(eventType int, data any) // to all that is announced, under the lock; nil except in tests

	Mu           sync.RWMutex
	Standing     Standing
	Warehouses   Warehouses
	WarehouseIDs invent.IDs
	IDs          invent.IDs
	Deadlines    *Deadlines
	Rooms        rooms

	World *World
	Due   atomic.Int64 // the next deadline in Unix seconds
}

// Standing is where a shop stands with the platform.
type Standing struct {
	Status string `json:"status"` // one of [ShopStatuses]
}

// ShopActive is the status of a shop that sells.
const ShopActive = "ACTIVE"

// ShopStatuses are the statuses of a shop, by the number that answers have.
var ShopStatuses = map[string]string{
	"0": "NEW", "1": "PENDING", "2": ShopActive, "3": "DEACTIVATED", "4": "REJECTED", "6": "WITHDRAWN",
}

// Identity is how answers show a shop.
type Identity struct {
	ID         string `json:"id"`
	Cipher     string `json:"cipher"`
	Name       string `json:"name"`
	Region     string `json:"region"`      // two letters, such as GB
	Code       string `json:"code"`        // as displayed in Seller Center
	SellerType string `json:"seller_type"` // LOCAL or CROSS_BORDER
}

// ShopByID returns a shop by its id, or nil.
func (w *World) ShopByID(id string) *Shop {
	for _, s := range w.Shops {
		if s.ID == id {
			return s
		}
	}
	return nil
}
