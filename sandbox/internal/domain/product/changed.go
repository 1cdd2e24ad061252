package product

import "github.com/ttshop-go/ttshop/sandbox/internal/keep"

// Changed returns when the product was last changed, in Unix seconds.
func (p *Product) Changed() int64 { return p.Updated }

// Past returns the product as it is now.
func (p *Product) Past() *Product {
	past := keep.Copy(p)
	past.Number = p.Number
	return past
}
