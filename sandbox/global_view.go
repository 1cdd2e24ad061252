package sandbox

// The forms in which global products are shown.

type globalImageView struct {
	URI    string `json:"uri"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

func globalImageViews(c *call, uris []string) []globalImageView {
	return each(uris, func(uri string) globalImageView {
		shown := newImageView(c, uri)
		return globalImageView{uri, shown.Width, shown.Height}
	})
}

type globalPriceView struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

type globalStockView struct {
	WarehouseID string `json:"global_warehouse_id"`
	Quantity    int64  `json:"quantity"`
}

type globalSKUView struct {
	ID              string               `json:"id"`
	SellerSKU       string               `json:"seller_sku"`
	ExternalID      string               `json:"external_global_sku_id,omitempty"`
	Price           globalPriceView      `json:"price"`
	Inventory       []globalStockView    `json:"inventory"`
	Quantity        *int64               `json:"global_quantity,omitempty"`
	SalesAttributes []salesAttributeView `json:"sales_attributes"`
	IdentifierCode  *identifierCode      `json:"identifier_code,omitempty"`
	ExtraCodes      []string             `json:"extra_identifier_codes,omitempty"`
	UnitCount       string               `json:"sku_unit_count,omitempty"`
}

type globalIDView struct {
	ID string `json:"id"`
}

type globalSizeChartView struct {
	Image    *globalImageView   `json:"image,omitempty"`
	Template *sizeChartTemplate `json:"template,omitempty"`
}

type globalCertificationView struct {
	ID     string                  `json:"id"`
	Title  string                  `json:"title"`
	Images []globalImageView       `json:"images"`
	Files  []certificationFileView `json:"files"`
}

type globalLocalView struct {
	ID     string       `json:"id"`
	Region string       `json:"region"`
	SKUs   []skuMapping `json:"sku_mappings"`
}

type globalProductView struct {
	ID                   string                    `json:"id"`
	SellerID             string                    `json:"global_seller_id"`
	Title                string                    `json:"title"`
	Description          string                    `json:"description"`
	CreateTime           int64                     `json:"create_time"`
	UpdateTime           int64                     `json:"update_time"`
	ExternalID           string                    `json:"external_global_product_id,omitempty"`
	SourceLocale         string                    `json:"source_locale,omitempty"`
	Category             *globalIDView             `json:"category,omitempty"`
	Brand                *globalIDView             `json:"brand,omitempty"`
	MainImages           []globalImageView         `json:"main_images"`
	ProductAttributes    []attributeView           `json:"product_attributes"`
	SKUs                 []globalSKUView           `json:"skus"`
	PackageWeight        *weight                   `json:"package_weight,omitempty"`
	PackageDimensions    *dimensions               `json:"package_dimensions,omitempty"`
	Certifications       []globalCertificationView `json:"certifications,omitempty"`
	SizeChart            *globalSizeChartView      `json:"size_chart,omitempty"`
	Video                *videoRef                 `json:"video,omitempty"`
	Manufacturer         *globalManufacturer       `json:"manufacturer,omitempty"`
	ManufacturerIDs      []string                  `json:"manufacturer_ids,omitempty"`
	ResponsiblePersonIDs []string                  `json:"responsible_person_ids,omitempty"`
	Products             []globalLocalView         `json:"products"`
}

func getGlobalProduct(c *call) *failure {
	return withGlobal(c, codeProductForeign, func(g *sellerGlobals, p *globalProduct) *failure {
		view := globalView(c, p)
		view.SellerID = g.id
		for _, l := range p.locals {
			if shown := localView(c, l); shown != nil {
				view.Products = append(view.Products, *shown)
			}
		}
		c.json(view)
		return nil
	})
}

// localView shows a published product of a global one unless it was deleted.
func localView(c *call, l globalLocal) *globalLocalView {
	s := c.state.world.shopByID(l.Shop)
	s.mu.RLock()
	defer s.mu.RUnlock()
	p := productsOf(s).byID[l.Product]
	if p == nil || p.status == productDeleted {
		return nil
	}
	shown := &p.live
	if p.review != nil {
		shown = p.review
	}
	return &globalLocalView{p.id, s.Region, p.association.of(shown).SKUs}
}

func globalView(c *call, p *globalProduct) globalProductView {
	shown := &p.live
	view := globalProductView{
		ID: p.id, Title: shown.title, Description: shown.description, CreateTime: p.created, UpdateTime: p.updated,
		ExternalID: shown.externalID, SourceLocale: p.locale,
		MainImages: globalImageViews(c, shown.images), ProductAttributes: []attributeView{}, SKUs: []globalSKUView{},
		PackageWeight: shown.weight, PackageDimensions: shown.dimensions,
		Manufacturer: p.manufacturer, ManufacturerIDs: shown.manufacturers, ResponsiblePersonIDs: shown.responsible,
		Products: []globalLocalView{},
	}
	if shown.categoryID != "" {
		view.Category = &globalIDView{shown.categoryID}
	}
	if shown.brandID != "" {
		view.Brand = &globalIDView{shown.brandID}
	}
	if shown.videoID != "" {
		view.Video = &videoRef{shown.videoID}
	}
	for _, a := range shown.attributes {
		values := each(a.values, func(v productValue) attributeValueView { return attributeValueView{v.id, v.name} })
		view.ProductAttributes = append(view.ProductAttributes, attributeView{a.id, a.name, values})
	}
	for _, cert := range shown.certifications {
		uris := each(cert.Images, func(i imageRef) string { return i.URI })
		view.Certifications = append(view.Certifications, globalCertificationView{
			ID: cert.ID, Images: globalImageViews(c, uris), Files: certificationFiles(c, cert.Files),
		})
	}
	if chart := shown.sizeChart; chart != nil {
		view.SizeChart = &globalSizeChartView{Template: chart.Template}
		if chart.Image != nil {
			view.SizeChart.Image = &globalImageViews(c, []string{chart.Image.URI})[0]
		}
	}
	for i := range shown.skus {
		view.SKUs = append(view.SKUs, newGlobalSKUView(c, p, &shown.skus[i]))
	}
	return view
}

func newGlobalSKUView(c *call, p *globalProduct, s *sku) globalSKUView {
	money := region{decimals: 2}
	view := globalSKUView{
		ID: s.id, SellerSKU: s.sellerSKU, ExternalID: s.externalID,
		Price:     globalPriceView{money.money(s.price), p.currency},
		Inventory: []globalStockView{}, Quantity: p.more[s.id].Quantity,
		SalesAttributes: []salesAttributeView{}, IdentifierCode: s.identifier, ExtraCodes: s.extraCodes, UnitCount: s.unitCount,
	}
	for _, place := range p.stock[s.id] {
		view.Inventory = append(view.Inventory, globalStockView{place.warehouse, place.available})
	}
	for _, a := range s.attributes {
		shown := salesAttributeView{ID: a.id, Name: a.name, ValueID: a.valueID, ValueName: a.value}
		if a.image != "" {
			shown.SKUImage = new(newImageView(c, a.image))
		}
		view.SalesAttributes = append(view.SalesAttributes, shown)
	}
	return view
}
