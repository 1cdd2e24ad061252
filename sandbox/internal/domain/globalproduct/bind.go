package globalproduct

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// bindLocalProducts would tie local products in countries of the EU to a global
// one. The sandbox has no shop there, so every product is turned down; no
// document names the codes.
func bindLocalProducts(c *gate.Call) *gate.Failure {
	var in struct {
		Products []struct {
			ID string `json:"id"`
		} `json:"local_products"`
	}
	if f := c.Decode(&in); f != nil {
		return f
	}
	if len(in.Products) == 0 {
		return gate.Missing("local_products")
	}
	type reason struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}
	type result struct {
		ID      string   `json:"local_product_id"`
		Status  string   `json:"status"`
		Reasons []reason `json:"fail_reasons"`
	}
	return withGlobal(c, product.CodeProductForeign, func(*sellerGlobals, *GlobalProduct) *gate.Failure {
		results := []result{}
		for _, p := range in.Products {
			why := reason{product.CodeProductUnknown, "no product has the id " + p.ID}
			if owner := c.State.World.Owners.Of(p.ID); owner != nil {
				why = reason{codeInputRejected, "product " + p.ID + " is of " + owner.Region + ", only products of the EU are bound"}
			}
			results = append(results, result{p.ID, publishFailed, []reason{why}})
		}
		c.JSON(struct {
			Results []result `json:"bind_results"`
		}{results})
		return nil
	})
}
