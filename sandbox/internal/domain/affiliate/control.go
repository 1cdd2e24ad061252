package affiliate

import (
	"net/http"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// sampleEvent is the data of type 56.
type sampleEvent struct {
	Application string         `json:"application_id"`
	Status      string         `json:"new_status"`
	Creator     eventCreator   `json:"creator"`
	Product     eventSampleSKU `json:"product"`
}

type (
	eventCreator struct {
		OpenID string `json:"creator_open_id"`
	}
	eventSampleSKU struct {
		SKU string `json:"sku_id"`
	}
)

// announceSample raises type 56, which says what became of an application.
func announceSample(s *world.Shop, a *sampleApplication) {
	cr := findCreator(s.World, s.Region, a.Creator, byUserID)
	s.Emit(int(event.TypeSampleApplicationStatusChange), sampleEvent{a.ID, a.Status, eventCreator{cr.OpenID}, eventSampleSKU{a.SKU}})
}

// postSample is a creator who asks for a sample: the first of the market where none
// is named, who is among the users.
func postSample(g *gate.Gate, w http.ResponseWriter, r *http.Request) {
	var in struct {
		Creator string `json:"creator"`
		Product string `json:"product_id"`
		SKU     string `json:"sku_id"`
	}
	if !gate.ControlBody(w, r, &in) {
		return
	}
	known, now := g.Present()
	s := known.Owners.Of(in.Product)
	if s == nil {
		gate.ControlError(w, http.StatusNotFound, "no product has this id")
		return
	}
	s.Mu.Lock()
	defer s.Mu.Unlock()
	enroll(s, now)
	a, f := askForSample(s, in.Creator, in.Product, in.SKU, now.Unix())
	if f != nil {
		gate.Refused(w, f)
		return
	}
	gate.ControlAnswer(w, http.StatusCreated, struct {
		ID string `json:"application_id"`
	}{a.ID})
}

func askForSample(s *world.Shop, username, id, sku string, now int64) (*sampleApplication, *gate.Failure) {
	cr := creatorsOf(s.World)[s.Region][0]
	if username != "" {
		cr = findCreator(s.World, s.Region, username, func(cr *creator) string { return cr.username })
	}
	p := product.Of(s).ByID[id]
	switch {
	case cr == nil:
		return nil, trade.Cannot("the market has no creator ", username)
	case p == nil:
		return nil, trade.Cannot(id, " is not a product")
	case p.Live.SKU(sku) == nil:
		return nil, trade.Cannot("product ", id, " has no SKU ", sku)
	}
	if why, _ := askable(s, cr, p, now); why != "" {
		return nil, trade.Cannot("product ", id, " ", why)
	}
	a := &sampleApplication{
		ID: Of(s).IDs.New(), Creator: cr.userID, Product: id, SKU: sku, Open: Of(s).openFor(id, now).ID, Status: samplePending, Created: now,
	}
	Of(s).Applications = append(Of(s).Applications, a)
	s.World.Owners.Add(s, a.ID)
	announceSample(s, a)
	return a, nil
}
