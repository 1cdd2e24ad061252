package login

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

func getAuthorizedShops(c *gate.Call) *gate.Failure {
	list := []world.Identity{}
	for _, shop := range c.Grant.Shops {
		list = append(list, shop.Identity)
	}
	c.JSON(struct {
		Shops []world.Identity `json:"shops"`
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

func getCategoryAssets(c *gate.Call) *gate.Failure {
	assets := []categoryAsset{}
	if c.Grant.AssetCipher != "" {
		assets = append(assets, categoryAsset{c.Grant.AssetCipher, c.Grant.Region, assetCategory{7, "Home & Living"}})
	}
	c.JSON(struct {
		CategoryAssets []categoryAsset `json:"category_assets"`
	}{assets})
	return nil
}

func getActiveShops(c *gate.Call) *gate.Failure {
	type activeShop struct {
		ID     string `json:"id"`
		Region string `json:"region"`
	}
	list := []activeShop{}
	for _, shop := range c.Grant.Shops {
		if world.ShopStatuses[standing(shop)] == world.ShopActive {
			list = append(list, activeShop{shop.ID, shop.Region})
		}
	}
	c.JSON(struct {
		Shops []activeShop `json:"shops"`
	}{list})
	return nil
}

// getSellerPermissions tells whether the seller may have global products.
func getSellerPermissions(c *gate.Call) *gate.Failure {
	permissions := []string{}
	if c.SellsGlobally() {
		permissions = append(permissions, "MANAGE_GLOBAL_PRODUCT")
	}
	c.JSON(struct {
		Permissions []string `json:"permissions"`
	}{permissions})
	return nil
}
