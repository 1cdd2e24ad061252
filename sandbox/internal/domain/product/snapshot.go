package product

import (
	"encoding/json"
	"fmt"

	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// keptProducts are the products of a shop in snapshots.
type keptProducts struct {
	List            []*Product        `json:"list"`
	IdempotencyKeys map[string]string `json:"idempotency_keys"` // to product ids
}

// productsPart holds the products of a shop in ascending order of their ids.
func productsPart(s *world.Shop) keep.Part {
	return keep.Part{Name: "products",
		Save: func() any {
			saved := keptProducts{List: append([]*Product{}, Of(s).List...), IdempotencyKeys: map[string]string{}}
			for key, p := range Of(s).idempotencyKeys {
				saved.IdempotencyKeys[key] = p.ID
			}
			return saved
		},
		Load: func(raw json.RawMessage) error {
			var saved keptProducts
			if err := keep.Decode(raw, &saved); err != nil {
				return err
			}
			Of(s).ByID, Of(s).List = map[string]*Product{}, nil
			for i, p := range saved.List {
				at := fmt.Sprintf("list[%d].id", i)
				if err := p.Restored(); err != nil {
					return keep.Placed(at, err)
				}
				if n := len(Of(s).List); n > 0 && Of(s).List[n-1].Number >= p.Number {
					return keep.Placed(at, fmt.Errorf("%s does not follow %s: products stand in ascending order", p.ID, Of(s).List[n-1].ID))
				}
				Of(s).List = append(Of(s).List, p)
				Of(s).ByID[p.ID] = p
			}
			Of(s).idempotencyKeys = map[string]*Product{}
			for key, id := range saved.IdempotencyKeys {
				p := Of(s).ByID[id]
				if p == nil {
					return fmt.Errorf("no product has the id %q", id)
				}
				Of(s).idempotencyKeys[key] = p
			}
			return nil
		}}
}

// Restored adds what a snapshot does not keep of a product.
func (p *Product) Restored() (err error) {
	if p.Stock == nil {
		p.Stock = map[string][]Stock{}
	}
	p.Number, err = invent.ParseID(p.ID)
	return err
}
