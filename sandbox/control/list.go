package control

import (
	"bytes"
	"context"
	"encoding/json"
	"time"
)

// The ways in which a page token tells where a list goes on.
const (
	PagingKeyset = "keyset" // after the last entry that was shown
	PagingOffset = "offset" // after as many entries as were shown
)

// What lists do with an entry whose last change is younger than their lag.
const (
	LateMissing = "missing" // leave it out
	LateOld     = "old"     // show it as they showed it before the change, in its old place
)

// Lists says how lists behave. The zero value is how they do without it.
type Lists struct {
	Rules []ListRule `json:"rules"`

	// OrderDetailFields gives the details of orders four fields that lists of
	// orders lack: payment_method_code, payment_card_type, payment_auth_code and
	// channel_entity_national_registry_id.
	OrderDetailFields bool `json:"order_detail_fields"`

	// BlankAddressDays is the age in days from which orders have no address any
	// more. Zero means that they keep it.
	BlankAddressDays int `json:"blank_address_days"`
}

// ListRule is about the lists of some operations. If several rules match, each
// member is that of the last rule which has it.
type ListRule struct {
	Operation string // such as order.GetOrderList, or a prefix that ends in *; empty means all
	ShopID    string // empty means all

	Paging string // PagingKeyset or PagingOffset; empty means what another rule says, or keyset

	// Lag is how long it takes until lists show that an entry was made or changed,
	// and Jitter how much longer at most, as the seed, the entry and the time of
	// its change decide. Nil means what another rule says, or none.
	Lag, Jitter *time.Duration

	Late string // LateMissing or LateOld: until then; empty means what another rule says, or missing

	// TotalError is added to the number of all entries, which does not become
	// negative by it. Nil means what another rule says, or none.
	TotalError *int
}

// listRule is the form of a ListRule on the wire.
type listRule struct {
	Operation  string  `json:"operation,omitempty"`
	ShopID     string  `json:"shop_id,omitempty"`
	Paging     string  `json:"paging,omitempty"`
	Lag        *string `json:"lag,omitempty"`
	Jitter     *string `json:"jitter,omitempty"`
	Late       string  `json:"late,omitempty"`
	TotalError *int    `json:"total_error,omitempty"`
}

// MarshalJSON writes the form that the sandbox reads.
func (r ListRule) MarshalJSON() ([]byte, error) {
	wire := listRule{Operation: r.Operation, ShopID: r.ShopID, Paging: r.Paging, Late: r.Late, TotalError: r.TotalError}
	if r.Lag != nil {
		wire.Lag = new(r.Lag.String())
	}
	if r.Jitter != nil {
		wire.Jitter = new(r.Jitter.String())
	}
	return json.Marshal(wire)
}

// UnmarshalJSON reads the form that the sandbox writes. Unknown members are
// errors: a misspelt one would do nothing.
func (r *ListRule) UnmarshalJSON(raw []byte) error {
	var wire listRule
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&wire); err != nil {
		return err
	}
	*r = ListRule{Operation: wire.Operation, ShopID: wire.ShopID, Paging: wire.Paging, Late: wire.Late, TotalError: wire.TotalError}
	for _, d := range []struct {
		text *string
		to   **time.Duration
	}{{wire.Lag, &r.Lag}, {wire.Jitter, &r.Jitter}} {
		if d.text == nil {
			continue
		}
		parsed, err := time.ParseDuration(*d.text)
		if err != nil {
			return err
		}
		*d.to = &parsed
	}
	return nil
}

// Lists returns how lists behave.
func (c *Client) Lists(ctx context.Context) (Lists, error) {
	return fetch[Lists](ctx, c, "GET", "lists", nil)
}

// SetLists replaces how lists behave. A list that somebody is reading goes on
// with the kind of token that it began with.
func (c *Client) SetLists(ctx context.Context, l Lists) error {
	return c.do(ctx, "PUT", "lists", l, nil)
}

// Burst is a sandbox's busiest second in one shop.
type Burst struct {
	ShopID string `json:"shop_id"`
	Place  int    `json:"place,omitempty"` // orders to make, completed or cancelled at once, which take no stock
	Touch  int    `json:"touch,omitempty"` // orders to change: the seller's note, of those that were not changed for longest
}

// BurstResult is what a burst did.
type BurstResult struct {
	Time    int64 `json:"time"` // Unix seconds, the update_time of all of them
	Placed  int   `json:"placed"`
	Touched int   `json:"touched"`
}

// BurstOrders makes and changes many orders within one second of the sandbox's
// clock. No webhook tells of them.
func (c *Client) BurstOrders(ctx context.Context, b Burst) (BurstResult, error) {
	return fetch[BurstResult](ctx, c, "POST", "orders/burst", b)
}
