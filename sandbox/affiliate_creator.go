package sandbox

import (
	"slices"
	"strings"
)

// creatorsPerMarket is how many creators a market has.
const creatorsPerMarket = 24

// creator makes content for products of a market. Creators follow from the seed
// and never change. Money is in US cents.
type creator struct {
	openID, userID     string
	username, nickname string
	bio, avatar        string // the avatar is an image's URI
	region             *region

	followers              int64
	video, live, showcase  int64 // what buyers spent in 30 days, by content
	units, buyers          int64
	videos, lives          int64
	views, viewers         int64 // of a video, of a LIVE
	rate                   int64 // average commission
	products, brands       int64 // promoted, collaborated with
	ages                   [5]int64
	gender                 string
	genderShare            int64
	categories             []string // at the top of the tree
	agency, growing        bool
	response, satisfaction int64 // in hundredths
}

func (cr *creator) gmv() int64 { return cr.video + cr.live + cr.showcase }

// ageRanges are the ages of followers in the words of the platform.
var ageRanges = [5]string{"AGE_RANGE_18_24", "AGE_RANGE_25_34", "AGE_RANGE_35_44", "AGE_RANGE_45_54", "AGE_RANGE_55_AND_ABOVE"}

// newCreators invents the creators of the markets. Those who can authorize apps
// are the first of theirs.
// creators are those of each market, by its name. They never change.
type creators map[string][]*creator

func newCreators(w *world) *creators {
	all := creators{}
	for i, market := range []string{"US", "GB", "VN"} {
		rng := newRandom(w.seed, streamCreators+uint64(i))
		source := ids{idCreators + uint64(i)*idStride + rng.Uint64N(idStride/2), rng}
		for range creatorsPerMarket {
			all[market] = append(all[market], newCreator(w, &source, regionOf(market)))
		}
	}
	for _, u := range users(w) {
		if u.userType == userCreator {
			first := all[u.region][0]
			first.openID, first.username = u.openID, u.name
		}
	}
	return &all
}

func newCreator(w *world, source *ids, r *region) *creator {
	rng := source.rng
	first, last := pick(rng, firstNames(r.code)), pick(rng, lastNames(r.code))
	cr := &creator{
		openID: rng.text(urlDigits, 36), userID: source.new(), region: r, nickname: first + " " + last,
		username: plainLetters(first) + "." + rng.text(lowerDigits, 5),
		avatar:   imagesOf(w).add(seedImageSize, seedImageSize, "image/png", nil).uri,
		units:    rng.between(1, 9), videos: rng.between(0, 60), lives: rng.between(0, 12),
		rate: 100 * rng.between(5, 25), products: rng.between(0, 40), brands: rng.between(1, 20),
		gender: pick(rng, []string{"FEMALE", "MALE"}), genderShare: rng.between(51, 92),
		agency: rng.chance(30), growing: rng.chance(25), response: rng.between(60, 100), satisfaction: rng.between(380, 500),
	}
	for range rng.between(0, 3) { // small ones are as frequent as large ones
		cr.units *= rng.between(3, 12)
	}
	cr.buyers = max(1, cr.units*rng.between(60, 95)/100)
	gmv := cr.units * rng.between(900, 4500)
	cr.video, cr.live = gmv*rng.between(30, 60)/100, gmv*rng.between(5, 30)/100
	cr.showcase = gmv - cr.video - cr.live
	cr.followers = cr.units*rng.between(20, 200) + rng.between(1000, 9000)
	cr.views, cr.viewers = cr.followers*rng.between(10, 60)/100, cr.followers*rng.between(1, 6)/100
	rest := int64(100)
	for i := range cr.ages {
		cr.ages[i] = rest * rng.between(20, 60) / 100
		rest -= cr.ages[i]
	}
	cr.ages[1] += rest
	for _, node := range catalogOf(w).categories {
		if node.parent == nil && (len(cr.categories) == 0 || rng.chance(20)) && rng.chance(60) {
			cr.categories = append(cr.categories, node.id)
		}
	}
	cr.bio = "Finds from everyday life, honestly tried."
	return cr
}

// plainLetters is what a user name can have of a name.
func plainLetters(name string) string {
	return strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return -1
		}
		return r
	}, strings.ToLower(name))
}

// topAges are the ages of at least a quarter of the followers, or the most
// frequent one.
func (cr *creator) topAges() []string {
	var list []string
	for i, share := range cr.ages {
		if share >= 25 || share == slices.Max(cr.ages[:]) {
			list = append(list, ageRanges[i])
		}
	}
	return list
}

// findCreator returns a creator of a market whose id, taken by of, is the given one,
// or nil.
func findCreator(w *world, market, id string, of func(*creator) string) *creator {
	for _, cr := range creatorsOf(w)[market] {
		if of(cr) == id {
			return cr
		}
	}
	return nil
}

// Older dates know creators by user id, newer ones by open id.
func byOpenID(cr *creator) string { return cr.openID }
func byUserID(cr *creator) string { return cr.userID }

// promoter is a creator who promotes a product in an open collaboration.
type promoter struct {
	*creator
	videos, lives int64 // about the product
}

// joins tells when a creator takes part in a collaboration unless the seller
// ends it: nobody acts for creators, so it follows from the ids. Of a hundred
// creators some never do.
func (cr *creator) joins(collaboration string, start, within int64, percent uint64) (at int64, ok bool) {
	draw := fnvMixed([]string{"joins", collaboration, cr.userID})
	return start + int64(draw>>8%uint64(within)), draw%100 < percent
}

// joined tells when a creator begins to promote the product of an open
// collaboration.
func (o *openCollaboration) joined(cr *creator) (at int64, ok bool) {
	return cr.joins(o.ID, o.Start, 10*secondsOfDay, 30)
}

// promoters lists who promotes the product of an open collaboration at a time,
// in the order of the market's creators.
func promoters(s *shop, o *openCollaboration, at int64) (list []promoter) {
	if !o.runs(at) {
		return nil
	}
	for _, cr := range creatorsOf(s.world)[s.Region] {
		since, ok := o.joined(cr)
		if ok && (stay{since, o.Removed[cr.userID]}).at(at) {
			draw := fnvMixed([]string{"content", o.ID, cr.userID})
			list = append(list, promoter{cr, int64(draw % 5), int64(draw >> 8 % 3)})
		}
	}
	return list
}

// creatorsOf returns the creators of a world.
func creatorsOf(w *world) creators { return *roomIn[creators](w.rooms) }
