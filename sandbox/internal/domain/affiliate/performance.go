package affiliate

import (
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/promotion"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// creatorPerformance is what the marketplace reports of a creator.
type creatorPerformance struct {
	creatorFigures
	Rate             int64                `json:"avg_commission_rate"`
	RateRange        wholeRange           `json:"avg_commission_rate_range"`
	LiveComments     int64                `json:"avg_ec_live_comment_count"`
	LiveLikes        int64                `json:"avg_ec_live_like_count"`
	LiveShares       int64                `json:"avg_ec_live_share_count"`
	LiveViews        int64                `json:"avg_ec_live_view_count"`
	VideoComments    int64                `json:"avg_ec_video_comment_count"`
	VideoLikes       int64                `json:"avg_ec_video_like_count"`
	VideoPlays       int64                `json:"avg_ec_video_play_count"`
	VideoShares      int64                `json:"avg_ec_video_share_count"`
	PerBuyer         promotion.PriceMoney `json:"avg_gmv_per_buyer"`
	PerBuyerRange    moneyRange           `json:"avg_gmv_per_buyer_range"`
	Bio              string               `json:"bio_description"`
	Brands           int64                `json:"brand_collaboration_count"`
	ByCategory       []categoryShare      `json:"category_gmv_distribution"`
	ByContent        []contentShare       `json:"content_gmv_distribution"`
	Lives            int64                `json:"ec_live_count"`
	LiveEngagement   string               `json:"ec_live_engagement_rate"`
	Videos           int64                `json:"ec_video_count"`
	VideoEngagement  string               `json:"ec_video_engagement_rate"`
	FollowerAge      []followerShare      `json:"follower_age"`
	FollowerGender   []followerShare      `json:"follower_gender"`
	FollowerLocation []followerShare      `json:"follower_location"`
	GPM              promotion.PriceMoney `json:"gpm"`
	GPMRange         moneyRange           `json:"gpm_range"`
	LiveGPM          promotion.PriceMoney `json:"live_gpm"`
	LiveGPMRange     moneyRange           `json:"live_gpm_range"`
	PostRate         string               `json:"post_rate"`
	PPS              string               `json:"pps"`
	PriceRange       priceRange           `json:"product_original_price_range"`
	Profile          string               `json:"profile_tt_uri"`
	Products         int64                `json:"promoted_product_num"`
	Rating           string               `json:"rating"`
	TopBrands        []string             `json:"top_collaborated_brand_ids"`
	Sold             int64                `json:"units_sold"`
	VideoGPM         promotion.PriceMoney `json:"video_gpm"`
	VideoGPMRange    moneyRange           `json:"video_gpm_range"`
}

type (
	wholeRange struct {
		Maximum int64 `json:"maximum_amount"`
		Minimum int64 `json:"minimum_amount"`
	}
	categoryShare struct {
		ID    string `json:"category_id"`
		Value string `json:"value"`
	}
	contentShare struct {
		Type  string `json:"content_type"`
		Value string `json:"value"`
	}
	followerShare struct {
		Key   string `json:"key"`
		Value string `json:"value"`
	}
)

// hundredths writes a number of hundredths as a decimal.
func hundredths(n int64) string { return strconv.FormatFloat(float64(n)/100, 'f', 2, 64) }

// perThousand is what a thousand views of content earn.
func perThousand(gmv, views int64) int64 { return 1000 * gmv / max(views, 1) }

// getCreatorPerformance reports on a creator of the shop's market. The path is
// named after user ids, and newer dates hand out open ids only: both are taken.
func getCreatorPerformance(c *gate.Call) *gate.Failure {
	id := c.Param(0)
	return onAffiliate(c, "", func(*affiliate) *gate.Failure {
		known := func(market string) *creator {
			for _, of := range []func(*creator) string{byOpenID, byUserID} {
				if cr := findCreator(c.State.World, market, id, of); cr != nil {
					return cr
				}
			}
			return nil
		}
		if cr := known(c.Shop.Region); cr != nil {
			c.JSONAs(struct {
				Creator creatorPerformance `json:"creator"`
			}{newCreatorPerformance(c, cr)})
			return nil
		}
		for market := range creatorsOf(c.State.World) {
			if known(market) != nil {
				return gate.Fail(codeCreatorOtherRegion, "'creator_user_id' ", id, " chooses products of ", market, ", the shop is in ", c.Shop.Region)
			}
		}
		return gate.Fail(codeCreatorUnknown, "'creator_user_id' ", strconv.Quote(id), " is not a creator who sells")
	})
}

func newCreatorPerformance(c *gate.Call, cr *creator) creatorPerformance {
	r := cr.region
	views, viewers := max(cr.videos, 1)*cr.views, max(cr.lives, 1)*cr.viewers
	gpm, videoGPM, liveGPM := perThousand(cr.gmv(), views+viewers), perThousand(cr.video, views), perThousand(cr.live, viewers)
	price := cr.gmv() / cr.units
	v := creatorPerformance{
		creatorFigures: newCreatorFigures(c, cr),
		Rate:           cr.rate, RateRange: wholeRange{cr.rate + 200, cr.rate - 200},
		LiveComments: cr.viewers / 40, LiveLikes: cr.viewers / 5, LiveShares: cr.viewers / 90, LiveViews: cr.viewers,
		VideoComments: cr.views / 120, VideoLikes: cr.views / 15, VideoPlays: cr.views, VideoShares: cr.views / 200,
		PerBuyer: worth(r, cr.gmv()/cr.buyers), PerBuyerRange: rangeOf(r, cr.gmv()/cr.buyers),
		Bio: cr.bio, Brands: cr.brands, ByCategory: []categoryShare{}, Lives: cr.lives, Videos: cr.videos,
		LiveEngagement: "0.23", VideoEngagement: "0.08",
		FollowerLocation: []followerShare{{r.Code, "1.00"}},
		GPM:              worth(r, gpm), GPMRange: rangeOf(r, gpm), LiveGPM: worth(r, liveGPM), LiveGPMRange: rangeOf(r, liveGPM),
		VideoGPM: worth(r, videoGPM), VideoGPMRange: rangeOf(r, videoGPM),
		PostRate: hundredths(cr.response), PPS: hundredths(cr.satisfaction), Rating: hundredths(cr.satisfaction),
		PriceRange: newPriceRange(r, product.LocalPrice(r, price/2), product.LocalPrice(r, 2*price)), Profile: affiliateLink(c, "creator", cr.userID),
		Products: cr.products, TopBrands: []string{}, Sold: cr.units,
	}
	share := func(part int64) int64 { return 100 * part / cr.gmv() }
	video, live := share(cr.video), share(cr.live)
	v.ByContent = []contentShare{{"VIDEO", hundredths(video)}, {"LIVE", hundredths(live)}, {"SHOWCASE", hundredths(100 - video - live)}}
	for i, id := range cr.categories {
		part := int64(100 / len(cr.categories))
		if i == 0 {
			part = 100 - part*int64(len(cr.categories)-1)
		}
		v.ByCategory = append(v.ByCategory, categoryShare{id, hundredths(part)})
	}
	for i, part := range cr.ages {
		v.FollowerAge = append(v.FollowerAge, followerShare{ageRanges[i], hundredths(part)})
	}
	other := map[string]string{"FEMALE": "MALE", "MALE": "FEMALE"}[cr.gender]
	v.FollowerGender = []followerShare{{cr.gender, hundredths(cr.genderShare)}, {other, hundredths(100 - cr.genderShare)}}
	for _, o := range Of(c.Shop).Open {
		for _, p := range promoters(c.Shop, o, c.Now.Unix()) {
			if p.creator == cr {
				v.Products++
			}
		}
	}
	return v
}
