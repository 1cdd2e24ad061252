package product

// Changed returns when the product was last changed, in Unix seconds.
func (p *Product) Changed() int64 { return p.Updated }
