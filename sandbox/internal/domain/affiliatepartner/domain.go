// Package affiliatepartner has the campaigns of affiliate partners.
package affiliatepartner

import "github.com/ttshop-go/ttshop/sandbox/internal/gate"

const enterHelp = `POST   /_sandbox/campaign_products {"campaign_id":…,"product_id":…,"commission_rate":2000}: a seller enters a product
                                 optional: "sample_quota"
`

// Register binds the operations on campaigns.
func Register(r *gate.Registry) {
	r.WorldPart(part)
	r.WorldCheck(check)
	r.Steer(gate.ControlEndpoint{Pattern: "POST /_sandbox/campaign_products", Help: enterHelp, Handle: postProduct})

	r.Handle("affiliate_partner.GetAffiliatePartnerCampaignList", listCampaigns)
	r.Handle("affiliate_partner.CreateAffiliatePartnerCampaign", createCampaign)
	r.Handle("affiliate_partner.GetAffiliatePartnerCampaignDetail", getCampaign)
	r.Handle("affiliate_partner.EditAffiliatePartnerCampaign", editCampaign)
	r.Handle("affiliate_partner.PublishAffiliatePartnerCampaign", publishCampaign)
	r.Handle("affiliate_partner.GetAffiliatePartnerCampaignProductList", listProducts)
	r.Handle("affiliate_partner.ReviewAffiliatePartnerCampaignProduct", reviewProduct)
	r.Limit("review_result", gate.Limit{Listed: true}, "affiliate_partner.ReviewAffiliatePartnerCampaignProduct")
	r.Handle("affiliate_partner.GenerateCampaignProductLink", linkProduct)
	r.Handle("affiliate_partner.GenerateCampaignProductLinks", linkProducts)
}
