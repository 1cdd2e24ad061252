package globalproduct

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/compliance"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
)

// The forms in which global products are shown.

type globalImageView struct {
	URI    string `json:"uri"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

func globalImageViews(c *gate.Call, uris []string) []globalImageView {
	return invent.Each(uris, func(uri string) globalImageView {
		shown := product.NewImageView(c, uri)
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
	ID              string                       `json:"id"`
	SellerSKU       string                       `json:"seller_sku"`
	ExternalID      string                       `json:"external_global_sku_id,omitempty"`
	Price           globalPriceView              `json:"price"`
	Inventory       []globalStockView            `json:"inventory"`
	Quantity        *int64                       `json:"global_quantity,omitempty"`
	SalesAttributes []product.SalesAttributeView `json:"sales_attributes"`
	IdentifierCode  *product.IdentifierCode      `json:"identifier_code,omitempty"`
	ExtraCodes      []string                     `json:"extra_identifier_codes,omitempty"`
	UnitCount       string                       `json:"sku_unit_count,omitempty"`
}

type globalIDView struct {
	ID string `json:"id"`
}

type globalSizeChartView struct {
	Image    *globalImageView              `json:"image,omitempty"`
	Template *compliance.SizeChartTemplate `json:"template,omitempty"`
}

type globalCertificationView struct {
	ID     string                          `json:"id"`
	Title  string                          `json:"title"`
	Images []globalImageView               `json:"images"`
	Files  []product.CertificationFileView `json:"files"`
}

type globalLocalView struct {
	ID     string               `json:"id"`
	Region string               `json:"region"`
	SKUs   []product.SKUMapping `json:"sku_mappings"`
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
	ProductAttributes    []product.AttributeView   `json:"product_attributes"`
	SKUs                 []globalSKUView           `json:"skus"`
	PackageWeight        *product.Weight           `json:"package_weight,omitempty"`
	PackageDimensions    *product.Dimensions       `json:"package_dimensions,omitempty"`
	Certifications       []globalCertificationView `json:"certifications,omitempty"`
	SizeChart            *globalSizeChartView      `json:"size_chart,omitempty"`
	Video                *product.VideoRef         `json:"video,omitempty"`
	Manufacturer         *globalManufacturer       `json:"manufacturer,omitempty"`
	ManufacturerIDs      []string                  `json:"manufacturer_ids,omitempty"`
	ResponsiblePersonIDs []string                  `json:"responsible_person_ids,omitempty"`
	Products             []globalLocalView         `json:"products"`
}

func getGlobalProduct(c *gate.Call) *gate.Failure {
	return withGlobal(c, product.CodeProductForeign, func(g *sellerGlobals, p *GlobalProduct) *gate.Failure {
		view := globalView(c, p)
		view.SellerID = g.SellerID
		for _, l := range p.Locals {
			if shown := localView(c, l); shown != nil {
				view.Products = append(view.Products, *shown)
			}
		}
		c.JSON(view)
		return nil
	})
}

// localView shows a published product of a global one unless it was deleted.
func localView(c *gate.Call, l globalLocal) *globalLocalView {
	s := c.State.World.ShopByID(l.Shop)
	s.Mu.RLock()
	defer s.Mu.RUnlock()
	p := product.Of(s).ByID[l.Product]
	if p == nil || p.Status == product.ProductDeleted {
		return nil
	}
	shown := &p.Live
	if p.Review != nil {
		shown = p.Review
	}
	return &globalLocalView{p.ID, s.Region, p.Association.Of(shown).SKUs}
}

func globalView(c *gate.Call, p *GlobalProduct) globalProductView {
	shown := &p.Live
	view := globalProductView{
		ID: p.ID, Title: shown.Title, Description: shown.Description, CreateTime: p.Created, UpdateTime: p.Updated,
		ExternalID: shown.ExternalID, SourceLocale: p.Locale,
		MainImages: globalImageViews(c, shown.Images), ProductAttributes: []product.AttributeView{}, SKUs: []globalSKUView{},
		PackageWeight: shown.Weight, PackageDimensions: shown.Dimensions,
		Manufacturer: p.Manufacturer, ManufacturerIDs: shown.Manufacturers, ResponsiblePersonIDs: shown.Responsible,
		Products: []globalLocalView{},
	}
	if shown.CategoryID != "" {
		view.Category = &globalIDView{shown.CategoryID}
	}
	if shown.BrandID != "" {
		view.Brand = &globalIDView{shown.BrandID}
	}
	if shown.VideoID != "" {
		view.Video = &product.VideoRef{ID: shown.VideoID}
	}
	for _, a := range shown.Attributes {
		values := invent.Each(a.Values, func(v product.ProductValue) product.AttributeValueView {
			return product.AttributeValueView(v)
		})
		view.ProductAttributes = append(view.ProductAttributes, product.AttributeView{ID: a.ID, Name: a.Name, Values: values})
	}
	for _, cert := range shown.Certifications {
		uris := invent.Each(cert.Images, func(i media.ImageRef) string { return i.URI })
		view.Certifications = append(view.Certifications, globalCertificationView{
			ID: cert.ID, Images: globalImageViews(c, uris), Files: product.CertificationFiles(c, cert.Files),
		})
	}
	if chart := shown.SizeChart; chart != nil {
		view.SizeChart = &globalSizeChartView{Template: chart.Template}
		if chart.Image != nil {
			view.SizeChart.Image = &globalImageViews(c, []string{chart.Image.URI})[0]
		}
	}
	for i := range shown.SKUs {
		view.SKUs = append(view.SKUs, newGlobalSKUView(c, p, &shown.SKUs[i]))
	}
	return view
}

func newGlobalSKUView(c *gate.Call, p *GlobalProduct, s *product.SKU) globalSKUView {
	money := market.Region{Decimals: 2}
	view := globalSKUView{
		ID: s.ID, SellerSKU: s.SellerSKU, ExternalID: s.ExternalID,
		Price:     globalPriceView{money.Money(s.Price), p.Currency},
		Inventory: []globalStockView{}, Quantity: p.More[s.ID].Quantity,
		SalesAttributes: []product.SalesAttributeView{}, IdentifierCode: s.Identifier, ExtraCodes: s.ExtraCodes, UnitCount: s.UnitCount,
	}
	for _, place := range p.Stock[s.ID] {
		view.Inventory = append(view.Inventory, globalStockView{place.Warehouse, place.Available})
	}
	for _, a := range s.Attributes {
		shown := product.SalesAttributeView{ID: a.ID, Name: a.Name, ValueID: a.ValueID, ValueName: a.Value}
		if a.Image != "" {
			shown.SKUImage = new(product.NewImageView(c, a.Image))
		}
		view.SalesAttributes = append(view.SalesAttributes, shown)
	}
	return view
}
