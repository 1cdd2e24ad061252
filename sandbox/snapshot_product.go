package sandbox

import (
	"encoding/json"
	"fmt"
	"time"
)

// The forms of products in snapshots. A test fails where a field of a product
// is missing here.
type (
	keptProducts struct {
		List            []keptProduct     `json:"list"`
		IdempotencyKeys map[string]string `json:"idempotency_keys"` // to product ids
	}

	keptProduct struct {
		ID       string                 `json:"id"`
		Created  int64                  `json:"created"`
		Updated  int64                  `json:"updated"`
		Status   string                 `json:"status"`
		Audit    string                 `json:"audit"`
		Verdict  time.Time              `json:"verdict"`
		Failures []auditFailure         `json:"failures"`
		Quality  string                 `json:"quality"`
		Passed   bool                   `json:"passed"`
		Live     keptContent            `json:"live"`
		Review   *keptContent           `json:"review"`
		Draft    *keptContent           `json:"draft"`
		Stock    map[string][]keptStock `json:"stock"`

		Association *globalAssociation `json:"association,omitempty"`
		Replica     *replicaSource     `json:"replica,omitempty"`
	}

	keptContent struct {
		Title            string          `json:"title"`
		Description      string          `json:"description"`
		CategoryID       string          `json:"category_id"`
		BrandID          string          `json:"brand_id"`
		Images           []string        `json:"images"`
		Attributes       []keptAttribute `json:"attributes"`
		SKUs             []keptSKU       `json:"skus"`
		Weight           *weight         `json:"weight"`
		Dimensions       *dimensions     `json:"dimensions"`
		Certifications   []certification `json:"certifications"`
		SizeChart        *sizeChart      `json:"size_chart"`
		VideoID          string          `json:"video_id"`
		ExternalID       string          `json:"external_id"`
		COD              bool            `json:"cod"`
		NotForSale       bool            `json:"not_for_sale"`
		PreOwned         bool            `json:"pre_owned"`
		MinimumQuantity  int             `json:"minimum_quantity"`
		Insurance        string          `json:"insurance"`
		ShippingTemplate string          `json:"shipping_template"`
		DeliveryOptions  []string        `json:"delivery_options"`
		Manufacturers    []string        `json:"manufacturers"`
		Responsible      []string        `json:"responsible"`
		PrimaryCombined  string          `json:"primary_combined"`
	}

	keptSKU struct {
		ID            string               `json:"id"`
		SellerSKU     string               `json:"seller_sku"`
		ExternalID    string               `json:"external_id"`
		Price         int64                `json:"price"`
		ListPrice     int64                `json:"list_price"`
		Attributes    []keptSalesAttribute `json:"attributes"`
		Identifier    *identifierCode      `json:"identifier"`
		ExternalURLs  []string             `json:"external_urls"`
		UnitCount     string               `json:"unit_count"`
		Combined      []combinedSKU        `json:"combined"`
		ExternalLists []externalListPrice  `json:"external_lists"`
		PreSale       *preSale             `json:"pre_sale"`
		Fees          []fee                `json:"fees"`
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
func (s *shop) productsPart() part {
	return part{"products",
		func() any {
			saved := keptProducts{List: []keptProduct{}, IdempotencyKeys: map[string]string{}}
			for _, p := range s.products.list {
				saved.List = append(saved.List, p.save())
			}
			for key, p := range s.idempotencyKeys {
				saved.IdempotencyKeys[key] = p.id
			}
			return saved
		},
		func(raw json.RawMessage) error {
			var saved keptProducts
			if err := unmarshal(raw, &saved); err != nil {
				return err
			}
			s.products = products{byID: map[string]*product{}}
			for i := range saved.List {
				at := fmt.Sprintf("list[%d].id", i)
				p, err := saved.List[i].product()
				if err != nil {
					return placed(at, err)
				}
				if n := len(s.products.list); n > 0 && s.products.list[n-1].number >= p.number {
					return placed(at, fmt.Errorf("%s does not follow %s: products stand in ascending order", p.id, s.products.list[n-1].id))
				}
				s.products.list = append(s.products.list, p)
				s.products.byID[p.id] = p
			}
			s.idempotencyKeys = map[string]*product{}
			for key, id := range saved.IdempotencyKeys {
				p := s.products.byID[id]
				if p == nil {
					return fmt.Errorf("no product has the id %q", id)
				}
				s.idempotencyKeys[key] = p
			}
			return nil
		}}
}

func (p *product) save() keptProduct {
	saved := keptProduct{
		p.id, p.created, p.updated, p.status, p.audit, p.verdict, p.failures, p.quality, p.passed,
		*p.live.save(), p.review.save(), p.draft.save(), map[string][]keptStock{},
		p.association, p.replica,
	}
	for sku, places := range p.stock {
		saved.Stock[sku] = each(places, func(s stock) keptStock {
			return keptStock{s.warehouse, s.available, s.committed, s.backorder, s.handlingTime}
		})
	}
	return saved
}

func (s *keptProduct) product() (*product, error) {
	n, err := parseID(s.ID)
	if err != nil {
		return nil, err
	}
	p := &product{
		s.ID, n, s.Created, s.Updated, s.Status, s.Audit, s.Verdict, s.Failures, s.Quality, s.Passed,
		*s.Live.content(), s.Review.content(), s.Draft.content(), map[string][]stock{},
		s.Association, s.Replica,
	}
	for sku, places := range s.Stock {
		p.stock[sku] = each(places, func(s keptStock) stock {
			return stock{s.Warehouse, s.Available, s.Committed, s.Backorder, s.HandlingTime}
		})
	}
	return p, nil
}

func (c *content) save() *keptContent {
	if c == nil {
		return nil
	}
	return &keptContent{
		c.title, c.description, c.categoryID, c.brandID, c.images,
		each(c.attributes, func(a productAttribute) keptAttribute {
			return keptAttribute{a.id, a.name, each(a.values, func(v productValue) keptValue { return keptValue{v.id, v.name} })}
		}),
		each(c.skus, sku.save),
		c.weight, c.dimensions, c.certifications, c.sizeChart, c.videoID, c.externalID,
		c.cod, c.notForSale, c.preOwned, c.minimumQuantity, c.insurance, c.shippingTemplate,
		c.deliveryOptions, c.manufacturers, c.responsible, c.primaryCombined,
	}
}

func (s *keptContent) content() *content {
	if s == nil {
		return nil
	}
	return &content{
		s.Title, s.Description, s.CategoryID, s.BrandID, s.Images,
		each(s.Attributes, func(a keptAttribute) productAttribute {
			return productAttribute{a.ID, a.Name, each(a.Values, func(v keptValue) productValue { return productValue{v.ID, v.Name} })}
		}),
		each(s.SKUs, keptSKU.sku),
		s.Weight, s.Dimensions, s.Certifications, s.SizeChart, s.VideoID, s.ExternalID,
		s.COD, s.NotForSale, s.PreOwned, s.MinimumQuantity, s.Insurance, s.ShippingTemplate,
		s.DeliveryOptions, s.Manufacturers, s.Responsible, s.PrimaryCombined,
	}
}

func (v sku) save() keptSKU {
	return keptSKU{
		v.id, v.sellerSKU, v.externalID, v.price, v.listPrice,
		each(v.attributes, func(a salesAttribute) keptSalesAttribute {
			return keptSalesAttribute{a.id, a.name, a.valueID, a.value, a.image, a.more}
		}),
		v.identifier, v.externalURLs, v.unitCount, v.combined, v.externalLists, v.preSale, v.fees, v.extraCodes,
	}
}

func (s keptSKU) sku() sku {
	return sku{
		s.ID, s.SellerSKU, s.ExternalID, s.Price, s.ListPrice,
		each(s.Attributes, func(a keptSalesAttribute) salesAttribute {
			return salesAttribute{a.ID, a.Name, a.ValueID, a.Value, a.Image, a.More}
		}),
		s.Identifier, s.ExternalURLs, s.UnitCount, s.Combined, s.ExternalLists, s.PreSale, s.Fees, s.ExtraCodes,
	}
}

// each applies f to every element; nil stays nil.
func each[T, U any](list []T, f func(T) U) []U {
	if list == nil {
		return nil
	}
	out := make([]U, len(list))
	for i, v := range list {
		out[i] = f(v)
	}
	return out
}
