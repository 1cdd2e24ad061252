// Package affiliate has the creators and what a shop agrees with them: open and
// target collaborations, samples, and the orders that came of it.
package affiliate

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

const sampleHelp = `POST   /_sandbox/samples         {"product_id":…,"sku_id":…}: a creator asks for a sample
                                 optional: "creator", by user name
`

// Register binds the operations of affiliate.
func Register(r *gate.Registry) {
	r.ShopPart(func(s *world.Shop) keep.Part { return keep.Plain("affiliate", Of(s)) })
	r.ShopCheck(checkShop)
	r.Steer(gate.ControlEndpoint{Pattern: "POST /_sandbox/samples", Help: sampleHelp, Handle: postSample})

	// The request may leave the shop out; an id says which one to lock.
	r.Handle("affiliate_seller.CreateOpenCollaborationV202405", createOpenCollaboration)
	r.Handle("affiliate_seller.CreateOpenCollaboration", createOpenCollaboration)
	r.Handle("affiliate_seller.EditOpenCollaborationSettings", editOpenSettings)
	r.Handle("affiliate_seller.GetOpenCollaborationSettings", getOpenSettings)
	r.Handle("affiliate_seller.SearchOpenCollaborationV202409", searchOpenCollaborations)
	r.Handle("affiliate_seller.SearchOpenCollaboration", searchOpenCollaborations)
	r.Handle("affiliate_seller.RemoveOpenCollaboration", removeOpenCollaboration)
	r.Handle("affiliate_seller.SellerSearchOpenCollaborationProduct", searchOpenProducts)
	r.Handle("affiliate_seller.EditOpenCollaborationSampleRule", editSampleRule)
	r.Limit("sample_rule.activate_status", gate.Limit{Listed: true}, "affiliate_seller.EditOpenCollaborationSampleRule")
	r.Handle("affiliate_seller.GetOpenCollaborationSampleRules", getSampleRules)
	r.Handle("affiliate_seller.GetOpenCollaborationCreatorContentDetailV202412", getContentDetails)
	r.Handle("affiliate_seller.GetOpenCollaborationCreatorContentDetail", getContentDetails)
	r.Handle("affiliate_seller.RemoveCreatorFromOpenCollaborationV202405", removePromoter202405)
	r.Handle("affiliate_seller.RemoveCreatorFromOpenCollaboration", removePromoter)
	r.Handle("affiliate_seller.CreateTargetCollaborationV202405", createTarget202405)
	r.Handle("affiliate_seller.CreateTargetCollaboration", createTarget)
	r.Handle("affiliate_seller.UpdateTargetCollaborationV202409", updateTarget202409)
	r.Handle("affiliate_seller.UpdateTargetCollaboration", updateTarget)
	r.Handle("affiliate_seller.QueryTargetCollaborationDetailV202409", getTarget)
	r.Handle("affiliate_seller.QueryTargetCollaborationDetailV202412", getTarget)
	r.Handle("affiliate_seller.QueryTargetCollaborationDetail", getTarget)
	r.Handle("affiliate_seller.SearchTargetCollaborationsV202409", searchTargets)
	r.Handle("affiliate_seller.SearchTargetCollaborations", searchTargets)
	r.Handle("affiliate_seller.RemoveTargetCollaboration", removeTarget)
	r.Handle("affiliate_seller.CheckTargetCollaborationConflicts", checkTargetConflicts)
	r.Handle("affiliate_seller.CancelTargetCollaborationConflicts", resolveTargetConflicts)
	r.Handle("affiliate_seller.GenerateTargetCollaborationLink", linkTarget)
	r.Handle("affiliate_seller.SellerSearchCreatorOnMarketplaceV202406", searchCreators)
	r.Handle("affiliate_seller.SellerSearchCreatorOnMarketplaceV202505", searchCreators)
	r.Handle("affiliate_seller.SellerSearchCreatorOnMarketplace", searchCreators)
	r.Handle("affiliate_seller.GetMarketplaceCreatorPerformanceV202406", getCreatorPerformance)
	r.Handle("affiliate_seller.GetMarketplaceCreatorPerformanceV202505", getCreatorPerformance)
	r.Handle("affiliate_seller.GetMarketplaceCreatorPerformance", getCreatorPerformance)
	r.Handle("affiliate_seller.SearchSellerAffiliateOrdersV202405", searchAffiliateOrders202405)
	r.Handle("affiliate_seller.SearchSellerAffiliateOrders", searchAffiliateOrders)
	r.Handle("affiliate_seller.SellerSearchSampleApplicationsV202409", searchSamples)
	r.Handle("affiliate_seller.SellerSearchSampleApplicationsV202507", searchSamples)
	r.Handle("affiliate_seller.SellerSearchSampleApplications", searchSamples)
	r.Handle("affiliate_seller.SellerReviewSampleApplicationsV202409", reviewSample)
	r.Handle("affiliate_seller.SellerReviewSampleApplications", reviewSample)

	r.Limit("products.target_commission_rate", gate.Limit{Code: codeTargetField}, "affiliate_seller.CreateTargetCollaboration")
	r.Limit("commission_rate", gate.Limit{Code: codeOpenRate}, "affiliate_seller.CreateOpenCollaborationV202405", "affiliate_seller.CreateOpenCollaboration")

	registerCreators(r)
}

// registerCreators binds what creators do. They have no shop: what they see is in
// all shops of their market.
func registerCreators(r *gate.Registry) {
	r.WorldPart(shelvesPart)
	r.WorldCheck(checkShelves)

	r.Handle("affiliate_creator.CreatorSearchOpenCollaborationProduct", searchOffersForCreator)
	r.Handle("affiliate_creator.GetOpenCollaborationProductsByIDs", offersByID)
	r.Handle("affiliate_creator.CreatorSelectAffiliateProduct", selectProducts)
	r.Handle("affiliate_creator.SearchCreatorTargetCollaborations", searchInvitations)
	r.Handle("affiliate_creator.SearchCreatorAffiliateOrdersV202405", searchCreatorOrders202405)
	r.Handle("affiliate_creator.SearchCreatorAffiliateOrders", searchCreatorOrders)
	r.Handle("affiliate_creator.CreatorSearchAffiliateTraceOrders", searchTracedOrders)
	r.Handle("affiliate_creator.SearchCreatorSampleApplications", searchAskedSamples)
	r.Handle("affiliate_creator.GetCreatorSampleApplicationDetail", getAskedSample)
	r.Handle("affiliate_creator.CreatorSearchSampleApplicationFulfillments", searchOwedContent)
	r.Handle("affiliate_creator.GetCreatorApplicableSampleLabel", getSampleLabel)

	r.Handle("affiliate.GetCreatorProfile", getProfile)
	r.Handle("affiliate_creator.GetCreatorProfileV202405", getProfile)
	r.Handle("affiliate_creator.GetCreatorProfile", getProfile)
	r.Handle("affiliate.GetShowcaseProducts", listShowcase)
	r.Handle("affiliate_creator.GetShowcaseProducts", listShowcase)
	r.Handle("affiliate.AddShowcaseProducts", addToShowcase)
	r.Handle("affiliate_creator.AddShowcaseProducts", addToShowcase)
	r.Limit("add_type", gate.Limit{Listed: true}, "affiliate_creator.AddShowcaseProducts")
	r.Handle("affiliate.RemoveShowcaseProducts", removeFromShowcase)
	r.Handle("affiliate_creator.RemoveShowcaseProducts", removeFromShowcase)
	r.Handle("affiliate.TopShowcaseProducts", topShowcase202309)
	r.Handle("affiliate_creator.TopShowcaseProducts", topShowcase)
	r.Handle("affiliate.GetShopProducts", listBoundProducts)
	r.Handle("affiliate_creator.GetShopProducts", listBoundProducts)

	r.Handle("affiliate.GetLiveRoomInfo", getLiveRoom)
	r.Handle("affiliate.GetLiveProducts", listLive)
	r.Handle("affiliate.AddLiveProducts", addToLive)
	r.Handle("affiliate.RemoveLiveProducts", removeFromLive)
	r.Handle("affiliate.TopLiveProducts", topLive)
	r.Handle("affiliate.PinLiveProduct", pin)
	r.Handle("affiliate.UnpinLiveProduct", unpin)
}
