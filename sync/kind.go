package sync

import "slices"

// A Kind is whose data a [Shop] stands for. The zero value is a shop's.
type Kind string

// Creators and partners have no shop: the key of their rows begins with an id of their
// own.
const (
	OfShop    Kind = ""
	OfCreator Kind = "creator"
	OfPartner Kind = "partner"
)

// of returns those of streams that are of a kind.
func (k Kind) of(streams []*Stream) []*Stream {
	return slices.DeleteFunc(slices.Clone(streams), func(s *Stream) bool { return s.Of != k })
}

// Kinds returns whose data the streams with these names are, or those that are copied by
// default. It returns an error where there is no such stream.
func Kinds(names []string) (map[Kind]bool, error) {
	all, _, err := Streams()
	if err != nil {
		return nil, err
	}
	chosen, err := choose(all, names)
	if err != nil {
		return nil, err
	}
	kinds := map[Kind]bool{}
	for _, s := range chosen {
		kinds[s.Of] = true
	}
	return kinds, nil
}
