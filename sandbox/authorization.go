package sandbox

func getAuthorizedShops(c *call) *failure {
	list := []identity{}
	for _, shop := range c.grant.shops {
		list = append(list, shop.identity)
	}
	c.json(struct {
		Shops []identity `json:"shops"`
	}{list})
	return nil
}

type categoryAsset struct {
	Cipher       string        `json:"cipher"`
	TargetMarket string        `json:"target_market"`
	Category     assetCategory `json:"category"`
}

type assetCategory struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

func getCategoryAssets(c *call) *failure {
	assets := []categoryAsset{}
	if c.grant.assetCipher != "" {
		assets = append(assets, categoryAsset{c.grant.assetCipher, c.grant.region, assetCategory{7, "Home & Living"}})
	}
	c.json(struct {
		CategoryAssets []categoryAsset `json:"category_assets"`
	}{assets})
	return nil
}

func getActiveShops(c *call) *failure {
	type activeShop struct {
		ID     string `json:"id"`
		Region string `json:"region"`
	}
	list := []activeShop{}
	for _, shop := range c.grant.shops {
		list = append(list, activeShop{shop.ID, shop.Region})
	}
	c.json(struct {
		Shops []activeShop `json:"shops"`
	}{list})
	return nil
}

// getSellerPermissions tells whether the seller may have global products.
func getSellerPermissions(c *call) *failure {
	permissions := []string{}
	if c.sellsGlobally() {
		permissions = append(permissions, "MANAGE_GLOBAL_PRODUCT")
	}
	c.json(struct {
		Permissions []string `json:"permissions"`
	}{permissions})
	return nil
}
