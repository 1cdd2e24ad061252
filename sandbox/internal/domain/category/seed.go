package category

import (
	"cmp"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// This file holds what the invented world sells. Ids of categories,
// attributes and values do not depend on the seed, as they do not depend on
// the shop on the platform.

// name is a text in two of the three languages that the world speaks; Portuguese
// has a list of its own.
type name struct{ En, Vi string }

// In returns the text for a locale.
func (n name) In(locale string) string {
	switch locale {
	case "vi-VN":
		return n.Vi
	case "pt-BR":
		return cmp.Or(portuguese[n.En], n.En)
	}
	return n.En
}

// categorySeed is a node of the category tree.
type categorySeed struct {
	id       string
	name     name
	children []categorySeed
	leaf     *leafSeed
}

// leafSeed is what only a category without children has.
type leafSeed struct {
	Keywords   string // English, for the recommendation
	Attributes []string
	Mandatory  string // the attribute that a listing needs, or ""
	Material   string // the material of the category's products, in English, or ""
	Axis       string // the sales attribute that tells SKUs apart, or ""
	SizeChart  bool
	NoCOD      bool
	Products   []ProductSeed
}

// ProductSeed is an invented product; brand and shop are added later.
type ProductSeed struct {
	Name  name
	Cents int64 // price in US cents
	Grams int
}

// Ids of attributes.
const (
	AttributeColor    = "100000"
	attributeSize     = "100007"
	attributeScent    = "100089"
	attributeMaterial = "100107"
	attributeOrigin   = "100157"
	attributeCare     = "100198"
	attributeVolume   = "100216"
	attributeSkinType = "100347"
	attributePlug     = "100398"
	attributeFeatures = "100401"
)

// The kinds of attributes.
const (
	SalesProperty   = "SALES_PROPERTY"
	ProductProperty = "PRODUCT_PROPERTY"
)

func attributeSeeds() []attribute {
	values := func(names ...name) []AttributeValue {
		list := make([]AttributeValue, len(names))
		for i, n := range names {
			list[i].Name = n
		}
		return list
	}
	list := []attribute{
		{ID: AttributeColor, Name: name{"Color", "Màu sắc"}, Kind: SalesProperty, Customizable: true, Values: values(
			name{"Black", "Đen"}, name{"White", "Trắng"}, name{"Navy", "Xanh than"}, name{"Sage", "Xanh lá xám"},
			name{"Terracotta", "Đất nung"}, name{"Sand", "Cát"})},
		{ID: attributeSize, Name: name{"Size", "Kích cỡ"}, Kind: SalesProperty, Customizable: true, Values: values(
			name{"S", "S"}, name{"M", "M"}, name{"L", "L"}, name{"XL", "XL"})},
		{ID: attributeScent, Name: name{"Scent", "Mùi hương"}, Kind: SalesProperty, Customizable: true, Values: values(
			name{"Fig", "Quả sung"}, name{"Cedar", "Tuyết tùng"}, name{"Citrus", "Cam chanh"}, name{"Unscented", "Không mùi"})},
		{ID: attributeMaterial, Name: name{"Material", "Chất liệu"}, Kind: ProductProperty, Customizable: true, Multiple: true, Values: values(
			name{"Ceramic", "Gốm"}, name{"Wood", "Gỗ"}, name{"Cotton", "Cotton"}, name{"Linen", "Vải lanh"},
			name{"Recycled polyester", "Polyester tái chế"}, name{"Silicone", "Silicone"}, name{"Rubber", "Cao su"}, name{"Aluminium", "Nhôm"}, name{"Soy wax", "Sáp đậu nành"})},
		{ID: attributeOrigin, Name: name{"Country of origin", "Xuất xứ"}, Kind: ProductProperty, Values: values(
			name{"Vietnam", "Việt Nam"}, name{"Portugal", "Bồ Đào Nha"}, name{"United Kingdom", "Vương quốc Anh"},
			name{"United States", "Hoa Kỳ"}, name{"China", "Trung Quốc"})},
		{ID: attributeCare, Name: name{"Care instructions", "Hướng dẫn bảo quản"}, Kind: ProductProperty, Customizable: true, Values: values(
			name{"Machine washable", "Giặt máy"}, name{"Hand wash", "Giặt tay"}, name{"Dishwasher safe", "Dùng được máy rửa bát"}, name{"Wipe clean", "Lau sạch"})},
		{ID: attributeVolume, Name: name{"Volume", "Dung tích"}, Kind: ProductProperty, Customizable: true, Values: values(
			name{"30 ml", "30 ml"}, name{"50 ml", "50 ml"}, name{"100 ml", "100 ml"}, name{"250 ml", "250 ml"})},
		{ID: attributeSkinType, Name: name{"Skin type", "Loại da"}, Kind: ProductProperty, Multiple: true, Values: values(
			name{"All", "Mọi loại da"}, name{"Dry", "Da khô"}, name{"Oily", "Da dầu"}, name{"Sensitive", "Da nhạy cảm"})},
		{ID: attributePlug, Name: name{"Plug type", "Loại phích cắm"}, Kind: ProductProperty, Values: values(
			name{"None", "Không có"}, name{"Type A", "Kiểu A"}, name{"Type G", "Kiểu G"}, name{"Type C", "Kiểu C"})},
		{ID: attributeFeatures, Name: name{"Features", "Tính năng"}, Kind: ProductProperty, Customizable: true, Multiple: true, Values: values(
			name{"Water resistant", "Chống nước"}, name{"Reusable", "Dùng nhiều lần"}, name{"Handmade", "Làm thủ công"}, name{"Foldable", "Gấp gọn"})},
	}
	next := 1000001
	for i := range list {
		for j := range list[i].Values {
			list[i].Values[j].ID = string(gate.AppendInt(nil, next))
			next++
		}
	}
	return list
}

func categorySeeds() []categorySeed {
	return []categorySeed{
		{id: "600001", name: name{"Home Supplies", "Đồ gia dụng"}, children: []categorySeed{
			{id: "600010", name: name{"Kitchenware", "Dụng cụ nhà bếp"}, children: []categorySeed{
				{id: "600011", name: name{"Mugs & Cups", "Cốc & Ly"}, leaf: &leafSeed{
					Material: "Ceramic", Keywords: "mug cup tumbler espresso coffee tea stoneware", Axis: AttributeColor,
					Attributes: []string{AttributeColor, attributeMaterial, attributeCare, attributeOrigin},
					Products: []ProductSeed{
						{name{"Stoneware Mug, 350 ml, Speckled Glaze", "Cốc gốm 350 ml tráng men đốm"}, 1450, 420},
						{name{"Double Wall Espresso Cups, Set of 2", "Bộ 2 ly espresso hai lớp giữ nhiệt"}, 2190, 380},
						{name{"Travel Tumbler with Bamboo Lid, 480 ml", "Ly giữ nhiệt nắp tre 480 ml mang đi"}, 2690, 350},
					}}},
				{id: "600012", name: name{"Cutting Boards", "Thớt"}, leaf: &leafSeed{
					Material: "Wood", Keywords: "cutting board chopping serving acacia", Mandatory: attributeMaterial,
					Attributes: []string{attributeSize, attributeMaterial, attributeCare, attributeOrigin},
					Products: []ProductSeed{
						{name{"Acacia Cutting Board with Juice Groove", "Thớt gỗ keo có rãnh thoát nước"}, 3490, 1450},
						{name{"End Grain Chopping Board, Walnut", "Thớt gỗ óc chó thớ đầu cây cao cấp"}, 7900, 3200},
						{name{"Serving Board with Leather Strap", "Khay gỗ phục vụ có dây da treo"}, 2850, 900},
					}}},
			}},
			{id: "600020", name: name{"Home Decor", "Trang trí nhà cửa"}, children: []categorySeed{
				{id: "600021", name: name{"Candles", "Nến thơm"}, leaf: &leafSeed{
					Material: "Soy wax", Keywords: "candle wax wick scented tealight", Axis: attributeScent, Mandatory: attributeMaterial,
					Attributes: []string{attributeScent, attributeMaterial, attributeOrigin},
					Products: []ProductSeed{
						{name{"Soy Wax Candle in Amber Glass, 45 Hours", "Nến sáp đậu nành lọ thủy tinh hổ phách"}, 1890, 410},
						{name{"Beeswax Taper Candles, Pack of 6", "Bộ 6 cây nến sáp ong dáng dài"}, 1650, 360},
						{name{"Travel Tin Candle, 20 Hours", "Nến thơm hộp thiếc mini du lịch"}, 990, 160},
					}}},
				{id: "600022", name: name{"Cushions", "Gối trang trí"}, leaf: &leafSeed{
					Material: "Linen", Keywords: "cushion pillow cover throw linen", Axis: AttributeColor,
					Attributes: []string{AttributeColor, attributeMaterial, attributeCare, attributeOrigin},
					Products: []ProductSeed{
						{name{"Linen Cushion Cover, 45 x 45 cm", "Vỏ gối vải lanh trang trí 45 x 45 cm"}, 1990, 210},
						{name{"Boucle Throw Pillow with Insert", "Gối tựa bouclé kèm ruột gối êm ái"}, 3290, 780},
						{name{"Embroidered Lumbar Cushion", "Gối tựa lưng thêu tay thủ công"}, 4150, 690},
					}}},
			}},
		}},
		{id: "601100", name: name{"Fashion", "Thời trang"}, children: []categorySeed{
			{id: "601110", name: name{"Tops", "Áo"}, children: []categorySeed{
				{id: "601111", name: name{"T-shirts", "Áo thun"}, leaf: &leafSeed{
					Material: "Cotton", Keywords: "t-shirt tee shirt crew heavyweight cotton", Axis: attributeSize, Mandatory: attributeMaterial, SizeChart: true,
					Attributes: []string{AttributeColor, attributeSize, attributeMaterial, attributeCare, attributeOrigin},
					Products: []ProductSeed{
						{name{"Heavyweight Organic Cotton T-Shirt", "Áo thun cotton hữu cơ dày dặn unisex"}, 2400, 240},
						{name{"Boxy Cropped Tee, Garment Dyed", "Áo thun croptop dáng hộp nhuộm màu"}, 2150, 190},
						{name{"Long Sleeve Waffle Tee", "Áo thun dài tay vải tổ ong co giãn"}, 2990, 260},
					}}},
				{id: "601112", name: name{"Hoodies", "Áo hoodie"}, leaf: &leafSeed{
					Material: "Recycled polyester", Keywords: "hoodie sweatshirt fleece zip pullover", Axis: attributeSize, SizeChart: true,
					Attributes: []string{AttributeColor, attributeSize, attributeMaterial, attributeCare, attributeOrigin},
					Products: []ProductSeed{
						{name{"Brushed Fleece Hoodie, Relaxed Fit", "Áo hoodie nỉ lót lông dáng rộng"}, 4800, 620},
						{name{"Zip Hoodie with Hidden Pocket", "Áo hoodie khóa kéo có túi ẩn tiện lợi"}, 5200, 640},
						{name{"Half Zip Sweatshirt, French Terry", "Áo nỉ cổ khóa kéo vải da cá mềm mại"}, 4450, 560},
					}}},
			}},
			{id: "601120", name: name{"Bags", "Túi xách"}, children: []categorySeed{
				{id: "601121", name: name{"Tote Bags", "Túi tote"}, leaf: &leafSeed{
					Material: "Cotton", Keywords: "tote bag canvas market shopper", Axis: AttributeColor,
					Attributes: []string{AttributeColor, attributeMaterial, attributeFeatures, attributeOrigin},
					Products: []ProductSeed{
						{name{"Canvas Market Tote, Reinforced Handles", "Túi tote vải canvas quai bọc chắc chắn"}, 1790, 320},
						{name{"Quilted Day Tote with Zip", "Túi tote chần bông có khóa kéo đi làm"}, 3650, 410},
						{name{"Packable Shopper, Folds into Pouch", "Túi mua sắm gấp gọn trong bao nhỏ"}, 1290, 90},
					}}},
				{id: "601122", name: name{"Backpacks", "Ba lô"}, leaf: &leafSeed{
					Material: "Recycled polyester", Keywords: "backpack rucksack roll top laptop daypack", Axis: AttributeColor, Mandatory: attributeMaterial,
					Attributes: []string{AttributeColor, attributeMaterial, attributeFeatures, attributeOrigin},
					Products: []ProductSeed{
						{name{"Roll Top Backpack, 22 Litres", "Ba lô cuộn miệng 22 lít chống thấm"}, 6900, 780},
						{name{"Everyday Laptop Backpack, 16 inch", "Ba lô laptop 16 inch đi học đi làm"}, 7450, 910},
						{name{"Kids Daypack with Reflective Trim", "Ba lô trẻ em có viền phản quang an toàn"}, 3390, 350},
					}}},
			}},
		}},
		{id: "602200", name: name{"Beauty & Personal Care", "Chăm sóc sắc đẹp"}, children: []categorySeed{
			{id: "602210", name: name{"Skincare", "Chăm sóc da"}, children: []categorySeed{
				{id: "602211", name: name{"Face Serums", "Tinh chất dưỡng da"}, leaf: &leafSeed{
					Keywords: "serum face vitamin hyaluronic niacinamide", Mandatory: attributeVolume, NoCOD: true,
					Attributes: []string{attributeVolume, attributeSkinType, attributeOrigin},
					Products: []ProductSeed{
						{name{"Niacinamide 10% Face Serum, 30 ml", "Tinh chất Niacinamide 10% dưỡng sáng da"}, 1590, 90},
						{name{"Hyaluronic Hydration Serum, 50 ml", "Tinh chất cấp ẩm Hyaluronic 50 ml"}, 1890, 120},
						{name{"Vitamin C Morning Serum, 30 ml", "Tinh chất Vitamin C buổi sáng 30 ml"}, 2250, 95},
					}}},
				{id: "602212", name: name{"Hand Creams", "Kem dưỡng da tay"}, leaf: &leafSeed{
					Keywords: "hand cream balm moisturizer", Axis: attributeScent,
					Attributes: []string{attributeScent, attributeVolume, attributeSkinType, attributeOrigin},
					Products: []ProductSeed{
						{name{"Shea Hand Cream, 50 ml", "Kem dưỡng da tay bơ hạt mỡ 50 ml"}, 850, 80},
						{name{"Overnight Hand Mask, 100 ml", "Mặt nạ dưỡng da tay ban đêm 100 ml"}, 1490, 140},
						{name{"Gardener's Hand Balm in Tin", "Sáp dưỡng tay phục hồi hộp thiếc"}, 1150, 110},
					}}},
			}},
			{id: "602220", name: name{"Bath & Body", "Tắm & Dưỡng thể"}, children: []categorySeed{
				{id: "602221", name: name{"Soap Bars", "Xà phòng bánh"}, leaf: &leafSeed{
					Keywords: "soap bar cold process shampoo", Axis: attributeScent,
					Attributes: []string{attributeScent, attributeSkinType, attributeFeatures, attributeOrigin},
					Products: []ProductSeed{
						{name{"Cold Process Soap Bar, 120 g", "Xà phòng thủ công ép lạnh 120 g"}, 690, 130},
						{name{"Solid Shampoo Bar for Dry Hair", "Dầu gội bánh dành cho tóc khô xơ"}, 990, 95},
						{name{"Exfoliating Oat Soap, Set of 3", "Bộ 3 xà phòng yến mạch tẩy tế bào chết"}, 1790, 390},
					}}},
			}},
		}},
		{id: "603300", name: name{"Phones & Electronics", "Điện thoại & Điện tử"}, children: []categorySeed{
			{id: "603310", name: name{"Phone Accessories", "Phụ kiện điện thoại"}, children: []categorySeed{
				{id: "603311", name: name{"Phone Cases", "Ốp điện thoại"}, leaf: &leafSeed{
					Material: "Silicone", Keywords: "phone case cover silicone magnetic", Axis: AttributeColor,
					Attributes: []string{AttributeColor, attributeMaterial, attributeFeatures, attributeOrigin},
					Products: []ProductSeed{
						{name{"Soft Touch Silicone Phone Case", "Ốp điện thoại silicone mềm chống bám vân"}, 1690, 60},
						{name{"Clear Magnetic Phone Case", "Ốp điện thoại trong suốt có nam châm"}, 1990, 65},
						{name{"Card Wallet Phone Case, Vegan Leather", "Ốp điện thoại da kèm ngăn đựng thẻ"}, 2790, 110},
					}}},
				{id: "603312", name: name{"Chargers & Cables", "Sạc & Cáp"}, leaf: &leafSeed{
					Keywords: "charger cable usb adapter wireless power", Mandatory: attributePlug,
					Attributes: []string{AttributeColor, attributePlug, attributeFeatures, attributeOrigin},
					Products: []ProductSeed{
						{name{"Compact 65 W Wall Charger, 3 Ports", "Củ sạc nhanh 65 W ba cổng nhỏ gọn"}, 3990, 140},
						{name{"Braided USB-C Cable, 2 m", "Cáp sạc USB-C bọc dù dài 2 m bền bỉ"}, 1290, 70},
						{name{"Foldable Wireless Charging Stand", "Đế sạc không dây gấp gọn đa năng"}, 3450, 230},
					}}},
			}},
			{id: "603320", name: name{"Audio", "Âm thanh"}, children: []categorySeed{
				{id: "603321", name: name{"Earphones", "Tai nghe"}, leaf: &leafSeed{
					Keywords: "earphone earbuds headphones bluetooth audio", Axis: AttributeColor,
					Attributes: []string{AttributeColor, attributePlug, attributeFeatures, attributeOrigin},
					Products: []ProductSeed{
						{name{"Wireless Earbuds with Charging Case", "Tai nghe không dây kèm hộp sạc nhanh"}, 4990, 95},
						{name{"Open Ear Sport Headphones", "Tai nghe thể thao mở tai chống mồ hôi"}, 6490, 80},
						{name{"Wired Studio Earphones, 3.5 mm", "Tai nghe có dây phòng thu giắc 3.5 mm"}, 2290, 55},
					}}},
			}},
		}},
		{id: "604400", name: name{"Sports & Outdoor", "Thể thao & Dã ngoại"}, children: []categorySeed{
			{id: "604410", name: name{"Yoga & Fitness", "Yoga & Thể hình"}, children: []categorySeed{
				{id: "604411", name: name{"Yoga Mats", "Thảm yoga"}, leaf: &leafSeed{
					Material: "Rubber", Keywords: "yoga mat pilates cork exercise", Axis: AttributeColor,
					Attributes: []string{AttributeColor, attributeMaterial, attributeFeatures, attributeOrigin},
					Products: []ProductSeed{
						{name{"Natural Rubber Yoga Mat, 5 mm", "Thảm yoga cao su tự nhiên dày 5 mm"}, 5900, 2300},
						{name{"Cork Travel Mat with Strap", "Thảm yoga bần du lịch kèm dây đeo"}, 6450, 1600},
						{name{"Pilates Mat, Extra Thick 15 mm", "Thảm pilates siêu dày 15 mm chống trượt"}, 3790, 1250},
					}}},
			}},
		}},
	}
}

// BrandNames are the brands that the shops sell; the others only fill the
// list of brands.
func BrandNames() []string {
	return []string{"Lumora", "Northfold", "Velisse", "Tidewell", "Brambly", "Solgrove", "Aurelle", "Finchwood", "Kestova", "Moonharbor"}
}

// otherBrandNames returns brands that the shops do not sell. Those of the
// first list are guarded by their owners (T1).
func otherBrandNames() (guarded, open []string) {
	guarded = []string{"Maison Orvelle", "Castiglio", "Halden & Reyes", "Verrano Milano", "Sterling Osgood", "Nordkapp Atelier"}
	for _, first := range []string{"Alder", "Bright", "Cobalt", "Drift", "Ember", "Fern", "Glade", "Hollow", "Indigo", "Juniper", "Kindle", "Larch"} {
		for _, second := range []string{"path", "stone", "wick", "mere"} {
			open = append(open, first+second)
		}
	}
	return guarded, open
}
