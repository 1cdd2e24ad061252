package affiliatepartner

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

const idCampaigns = 7623_000_000_000_000_000

// maxPeriod is the time that a campaign may not reach.
const maxPeriod = 360 * invent.SecondsOfDay

// The states of campaigns.
const (
	statusReady    = "READY" // prepared and hidden
	statusUpcoming = "UPCOMING"
	statusOngoing  = "ONGOING"
	statusClosed   = "CLOSED"
)

// The states of the products in them.
const (
	productPending  = "PENDING"
	productApproved = "APPROVED"
	productRejected = "REJECTED"
	productClosed   = "CLOSED" // with the campaign
)

// campaigns are those of all partners, by their ids. A partner is whoever has a
// category asset.
type campaigns struct {
	mu   sync.Mutex // taken last
	kept keptCampaigns
}

type keptCampaigns struct {
	IDs  invent.IDs  `json:"ids"`
	List []*campaign `json:"list"`
}

// campaign asks sellers for products that the partner's creators promote.
type campaign struct {
	ID          string   `json:"id"`
	Owner       string   `json:"owner"` // cipher of the category asset
	Region      string   `json:"region"`
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Rate        int64    `json:"rate"`
	Contact     contact  `json:"contact"`
	SellerTypes []string `json:"seller_types"`
	ShopCodes   []string `json:"shop_codes"`
	periods
	Published int64      `json:"published"` // when; 0: not yet
	Products  []*entered `json:"products"`
}

// periods are the times of a campaign: when it runs, and when sellers may enter
// products.
type periods struct {
	Start     int64 `json:"start"`
	End       int64 `json:"end"`
	EnterFrom int64 `json:"enter_from"`
	EnterTo   int64 `json:"enter_to"`
}

// contact is how sellers reach the partner.
type contact struct {
	Email    string `json:"email"`
	Line     string `json:"line,omitempty"`
	Phone    string `json:"phone,omitempty"`
	Viber    string `json:"viber,omitempty"`
	Whatsapp string `json:"whatsapp,omitempty"`
	Zalo     string `json:"zalo,omitempty"`
}

// entered is a product that a seller entered.
type entered struct {
	Shop        string `json:"shop"`
	Product     string `json:"product"`
	Rate        int64  `json:"rate"` // in all
	Quota       int64  `json:"quota"`
	Status      string `json:"status"`
	Forever     bool   `json:"forever"` // it was rejected for good
	Linked      bool   `json:"linked"`
	CreatorRate int64  `json:"creator_rate"` // of the last link
}

func (c *campaign) status(now int64) string {
	switch {
	case now >= c.End:
		return statusClosed
	case c.Published == 0:
		return statusReady
	case now < c.Start:
		return statusUpcoming
	}
	return statusOngoing
}

// online tells whether sellers see the campaign.
func (c *campaign) online(now int64) bool {
	status := c.status(now)
	return status == statusUpcoming || status == statusOngoing
}

func (c *campaign) product(id string) *entered {
	if i := slices.IndexFunc(c.Products, func(p *entered) bool { return p.Product == id }); i >= 0 {
		return c.Products[i]
	}
	return nil
}

// admits tells whether a shop may enter products.
func (c *campaign) admits(s *world.Shop) bool {
	return s.Region == c.Region && (slices.Contains(c.ShopCodes, s.Code) || slices.Contains(c.SellerTypes, s.SellerType))
}

func campaignsOf(w *world.World) *campaigns { return world.RoomIn[campaigns](w.Rooms) }

func (all *campaigns) find(id string) *campaign {
	if i := slices.IndexFunc(all.kept.List, func(c *campaign) bool { return c.ID == id }); i >= 0 {
		return all.kept.List[i]
	}
	return nil
}

// onCampaign runs an operation on the campaign that the path names, under the lock.
// No shop is locked meanwhile.
func onCampaign(c *gate.Call, work func(of *campaign) *gate.Failure) *gate.Failure {
	all := campaignsOf(c.State.World)
	all.mu.Lock()
	defer all.mu.Unlock()
	of := all.find(c.Param(0))
	switch {
	case of == nil:
		return gate.Fail(codeUnknown, "no campaign has the id ", c.Param(0))
	case of.Owner != c.Grant.AssetCipher:
		return gate.Fail(codeForeign, "campaign ", of.ID, " belongs to another partner")
	}
	return work(of)
}

func part(w *world.World) keep.Part {
	p := keep.Plain("campaigns", &campaignsOf(w).kept)
	p.Later = true
	return p
}

// check checks the campaigns that were read from a snapshot.
func check(w *world.World) error {
	kept := &campaignsOf(w).kept
	return keep.Placed("campaigns", keep.First(
		keep.Placed("ids", kept.IDs.Random.Whole()),
		keep.CheckEach("list", kept.List, func(c **campaign) error {
			if *c == nil {
				return keep.ErrMissing
			}
			return nil
		}),
		keep.CheckIDs("list", kept.List, func(c **campaign) string { return (*c).ID }),
		keep.CheckEach("list", kept.List, func(c **campaign) error {
			return keep.CheckEach("products", (*c).Products, func(at **entered) error {
				p := *at
				if p == nil {
					return keep.ErrMissing
				}
				s := w.ShopByID(p.Shop)
				switch {
				case s == nil:
					return keep.Placed("shop", fmt.Errorf("no shop has the id %.40q", p.Shop))
				case !has(s, p.Product):
					return keep.Placed("product", errors.New("is not a product of the shop"))
				}
				return keep.CheckOneOf("status", p.Status, productPending, productApproved, productRejected)
			})
		}),
	))
}
