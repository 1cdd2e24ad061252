package product

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/compliance"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// The forms of products in snapshots. A test fails where a field of a product
// is missing here.
type (
	keptProducts struct {
		List            []KeptProduct     `json:"list"`
		IdempotencyKeys map[string]string `json:"idempotency_keys"` // to product ids
	}

	KeptProduct struct {
		ID       string                 `json:"id"`
		Created  int64                  `json:"created"`
		Updated  int64                  `json:"updated"`
		Status   string                 `json:"status"`
		Audit    string                 `json:"audit"`
		Verdict  time.Time              `json:"verdict"`
		Failures []AuditFailure         `json:"failures"`
		Quality  string                 `json:"quality"`
		Passed   bool                   `json:"passed"`
		Live     keptContent            `json:"live"`
		Review   *keptContent           `json:"review"`
		Draft    *keptContent           `json:"draft"`
		Stock    map[string][]keptStock `json:"stock"`

		Association *GlobalAssociation `json:"association,omitempty"`
		Replica     *ReplicaSource     `json:"replica,omitempty"`
	}

	keptContent struct {
		Title            string                `json:"title"`
		Description      string                `json:"description"`
		CategoryID       string                `json:"category_id"`
		BrandID          string                `json:"brand_id"`
		Images           []string              `json:"images"`
		Attributes       []keptAttribute       `json:"attributes"`
		SKUs             []keptSKU             `json:"skus"`
		Weight           *Weight               `json:"weight"`
		Dimensions       *Dimensions           `json:"dimensions"`
		Certifications   []media.Certification `json:"certifications"`
		SizeChart        *compliance.SizeChart `json:"size_chart"`
		VideoID          string                `json:"video_id"`
		ExternalID       string                `json:"external_id"`
		COD              bool                  `json:"cod"`
		NotForSale       bool                  `json:"not_for_sale"`
		PreOwned         bool                  `json:"pre_owned"`
		MinimumQuantity  int                   `json:"minimum_quantity"`
		Insurance        string                `json:"insurance"`
		ShippingTemplate string                `json:"shipping_template"`
		DeliveryOptions  []string              `json:"delivery_options"`
		Manufacturers    []string              `json:"manufacturers"`
		Responsible      []string              `json:"responsible"`
		PrimaryCombined  string                `json:"primary_combined"`
	}

	keptSKU struct {
		ID            string               `json:"id"`
		SellerSKU     string               `json:"seller_sku"`
		ExternalID    string               `json:"external_id"`
		Price         int64                `json:"price"`
		ListPrice     int64                `json:"list_price"`
		Attributes    []keptSalesAttribute `json:"attributes"`
		Identifier    *IdentifierCode      `json:"identifier"`
		ExternalURLs  []string             `json:"external_urls"`
		UnitCount     string               `json:"unit_count"`
		Combined      []combinedSKU        `json:"combined"`
		ExternalLists []externalListPrice  `json:"external_lists"`
		PreSale       *preSale             `json:"pre_sale"`
		Fees          []Fee                `json:"fees"`
		ExtraCodes    []string             `json:"extra_codes"`
	}

	keptSalesAttribute struct {
		ID      string   `json:"id"`
		Name    string   `json:"name"`
		ValueID string   `json:"value_id"`
		Value   string   `json:"value"`
		Image   string   `json:"image"`
		More    []string `json:"more"`
	}

	keptAttribute struct {
		ID     string      `json:"id"`
		Name   string      `json:"name"`
		Values []keptValue `json:"values"`
	}

	keptValue struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}

	keptStock struct {
		Warehouse    string `json:"warehouse"`
		Available    int64  `json:"available"`
		Committed    int64  `json:"committed"`
		Backorder    int64  `json:"backorder"`
		HandlingTime int64  `json:"handling_time"`
	}
)

// productsPart holds the products of a shop in ascending order of their ids.
func productsPart(s *world.Shop) keep.Part {
	return keep.Part{Name: "products",
		Save: func() any {
			saved := keptProducts{List: []KeptProduct{}, IdempotencyKeys: map[string]string{}}
			for _, p := range Of(s).List {
				saved.List = append(saved.List, p.Save())
			}
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
			for i := range saved.List {
				at := fmt.Sprintf("list[%d].id", i)
				p, err := saved.List[i].Restore()
				if err != nil {
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

// Save returns the product as a snapshot keeps it.
func (p *Product) Save() KeptProduct {
	saved := KeptProduct{
		p.ID, p.Created, p.Updated, p.Status, p.Audit, p.Verdict, p.Failures, p.quality, p.Passed,
		*p.Live.save(), p.Review.save(), p.Draft.save(), map[string][]keptStock{},
		p.Association, p.Replica,
	}
	for sku, places := range p.Stock {
		saved.Stock[sku] = invent.Each(places, func(s Stock) keptStock {
			return keptStock{s.Warehouse, s.Available, s.Committed, s.backorder, s.handlingTime}
		})
	}
	return saved
}

// Restore returns the product that a snapshot kept.
func (s *KeptProduct) Restore() (*Product, error) {
	n, err := invent.ParseID(s.ID)
	if err != nil {
		return nil, err
	}
	p := &Product{
		s.ID, n, s.Created, s.Updated, s.Status, s.Audit, s.Verdict, s.Failures, s.Quality, s.Passed,
		*s.Live.content(), s.Review.content(), s.Draft.content(), map[string][]Stock{},
		s.Association, s.Replica,
	}
	for sku, places := range s.Stock {
		p.Stock[sku] = invent.Each(places, func(s keptStock) Stock {
			return Stock{s.Warehouse, s.Available, s.Committed, s.Backorder, s.HandlingTime}
		})
	}
	return p, nil
}

func (c *Content) save() *keptContent {
	if c == nil {
		return nil
	}
	return &keptContent{
		c.Title, c.Description, c.CategoryID, c.BrandID, c.Images,
		invent.Each(c.Attributes, func(a ProductAttribute) keptAttribute {
			return keptAttribute{a.ID, a.Name, invent.Each(a.Values, func(v ProductValue) keptValue { return keptValue(v) })}
		}),
		invent.Each(c.SKUs, SKU.save),
		c.Weight, c.Dimensions, c.Certifications, c.SizeChart, c.VideoID, c.ExternalID,
		c.COD, c.NotForSale, c.preOwned, c.minimumQuantity, c.Insurance, c.ShippingTemplate,
		c.DeliveryOptions, c.Manufacturers, c.Responsible, c.PrimaryCombined,
	}
}

func (s *keptContent) content() *Content {
	if s == nil {
		return nil
	}
	return &Content{
		s.Title, s.Description, s.CategoryID, s.BrandID, s.Images,
		invent.Each(s.Attributes, func(a keptAttribute) ProductAttribute {
			return ProductAttribute{a.ID, a.Name, invent.Each(a.Values, func(v keptValue) ProductValue { return ProductValue(v) })}
		}),
		invent.Each(s.SKUs, keptSKU.sku),
		s.Weight, s.Dimensions, s.Certifications, s.SizeChart, s.VideoID, s.ExternalID,
		s.COD, s.NotForSale, s.PreOwned, s.MinimumQuantity, s.Insurance, s.ShippingTemplate,
		s.DeliveryOptions, s.Manufacturers, s.Responsible, s.PrimaryCombined,
	}
}

func (v SKU) save() keptSKU {
	return keptSKU{
		v.ID, v.SellerSKU, v.ExternalID, v.Price, v.ListPrice,
		invent.Each(v.Attributes, func(a SalesAttribute) keptSalesAttribute {
			return keptSalesAttribute{a.ID, a.Name, a.ValueID, a.Value, a.Image, a.more}
		}),
		v.Identifier, v.ExternalURLs, v.UnitCount, v.Combined, v.ExternalLists, v.preSale, v.Fees, v.ExtraCodes,
	}
}

func (s keptSKU) sku() SKU {
	return SKU{
		s.ID, s.SellerSKU, s.ExternalID, s.Price, s.ListPrice,
		invent.Each(s.Attributes, func(a keptSalesAttribute) SalesAttribute {
			return SalesAttribute{a.ID, a.Name, a.ValueID, a.Value, a.Image, a.More}
		}),
		s.Identifier, s.ExternalURLs, s.UnitCount, s.Combined, s.ExternalLists, s.PreSale, s.Fees, s.ExtraCodes,
	}
}
