package product

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/category"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// checkShop checks the products of a shop that was read from a snapshot.
func checkShop(s *world.Shop) error {
	all := Of(s)
	if all.customIDs == nil {
		return keep.Placed("custom_ids", keep.ErrMissing)
	}
	if err := checkListings(s); err != nil {
		return err
	}
	return keep.Placed("products", keep.CheckEach("list", all.List, func(p **Product) error {
		return keep.First(
			keep.CheckOneOf("status", (*p).Status, ProductStatuses...),
			(*p).Check(category.CatalogOf(s.World)),
		)
	}))
}

// CheckProduct checks that a shop has a product that something else names.
func CheckProduct(s *world.Shop, name, id string) error {
	if Of(s).ByID[id] == nil {
		return keep.Placed(name, fmt.Errorf("the shop has no product %.40q", id))
	}
	return nil
}

// Check checks what operations rely on in a product that was read from a
// snapshot, but for its status: global products have others.
func (p *Product) Check(known *category.Catalog) error {
	if err := keep.CheckOneOf("audit", p.Audit, AuditNone, AuditAuditing, auditFailed, AuditApproved); err != nil {
		return err
	}
	for _, sku := range slices.Sorted(maps.Keys(p.Stock)) {
		at := fmt.Sprintf("stock[%q]", sku)
		if len(p.Stock[sku]) == 0 {
			return keep.Placed(at, keep.ErrEmpty)
		}
		if err := keep.CheckID(at, sku); err != nil {
			return err
		}
	}
	return keep.First(
		keep.Placed("live", p.Live.check(known, p.Status != ProductDraft)),
		keep.Placed("review", p.Review.check(known, p.Status != ProductDraft)),
		keep.Placed("draft", p.Draft.check(known, false)),
	)
}

// check checks a content, nil for none. A draft may lack what it will need to
// become live.
func (c *Content) check(known *category.Catalog, whole bool) error {
	if c == nil {
		return nil
	}
	if whole {
		if found := known.ByID[c.CategoryID]; found == nil || found.Leaf == nil {
			return keep.Placed("category_id", fmt.Errorf("there is no leaf category %.40q", c.CategoryID))
		}
		if len(c.SKUs) == 0 || len(c.Images) == 0 {
			return errors.New("has no SKU or no image, want at least one of each")
		}
	}
	if err := keep.CheckIDs("skus", c.SKUs, func(v *SKU) string { return v.ID }); err != nil {
		return err
	}
	return keep.CheckEach("skus", c.SKUs, func(v *SKU) error {
		if n, first := len(v.Attributes), len(c.SKUs[0].Attributes); n != first {
			return keep.Placed("attributes", fmt.Errorf("has %d elements, the first SKU has %d", n, first))
		}
		return keep.CheckEach("combined", v.Combined, func(part *CombinedSKU) error {
			if part.SKUCount < 1 {
				return keep.Placed("sku_count", fmt.Errorf("is %d, want at least 1", part.SKUCount))
			}
			return keep.First(keep.CheckID("product_id", part.ProductID), keep.CheckID("sku_id", part.SKUID))
		})
	})
}
