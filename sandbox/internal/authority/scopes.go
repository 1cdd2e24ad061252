package authority

import (
	"strings"
)

// scopeKeys are the scopes that the operations of the API ask for. The first
// one is spelt that way by the platform.
const scopeKeys = `serller.product.optimize
creator.affiliate.info
creator.affiliate.share_link.read
creator.affiliate_collaboration.read
creator.data.live.read.public
creator.showcase.read
creator.showcase.write
data.bestselling.public.read
data.shop_analytics.public.read
partner.authorization.info
partner.tap_campaign.link.write
partner.tap_campaign.product.write
partner.tap_campaign.read
partner.tap_campaign.write
seller.affiliate_collaboration.read
seller.affiliate_collaboration.write
seller.affiliate_messages.write
seller.authorization.info
seller.creator_marketplace.read
seller.customer_engagement.read
seller.customer_engagement.write
seller.customer_service
seller.delivery.status.write
seller.fbt.info
seller.finance.info
seller.fulfillment.basic
seller.fulfillment.package.write
seller.global_product.category.info
seller.global_product.delete
seller.global_product.info
seller.global_product.write
seller.logistics
seller.order.ext_ref.read
seller.order.ext_ref.write
seller.order.ext_ref.write.custom
seller.order.info
seller.product.basic
seller.product.delete
seller.product.write
seller.promotion.info
seller.promotion.write
seller.return_refund.basic
seller.shop.info`

// scopes returns the scopes that start with a prefix.
func scopes(prefix string) []string {
	var keys []string
	for key := range strings.Lines(scopeKeys) {
		if key = strings.TrimSpace(key); strings.HasPrefix(key, prefix) {
			keys = append(keys, key)
		}
	}
	return keys
}
