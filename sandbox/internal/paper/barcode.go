package paper

// Code128 returns the bars and gaps of a text in Code 128, code set B: widths in
// modules, a bar first. Characters beyond ASCII become question marks.
func Code128(text string) []int {
	const start, stop = 104, 106
	patterns := code128Patterns()
	values := []int{start}
	sum := start
	for i := range len(text) {
		value := int('?') - ' '
		if text[i] >= ' ' && text[i] < 0x7f {
			value = int(text[i]) - ' '
		}
		values = append(values, value)
		sum += (i + 1) * value
	}
	values = append(values, sum%103, stop)
	var widths []int
	for _, value := range values {
		for _, digit := range patterns[value] {
			widths = append(widths, int(digit-'0'))
		}
	}
	return widths
}

// code128Patterns returns the pattern of each symbol: six widths, and seven for
// the stop.
func code128Patterns() []string {
	return []string{
		"212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213",
		"221312", "231212", "112232", "122132", "122231", "113222", "123122", "123221", "223211", "221132",
		"221231", "213212", "223112", "312131", "311222", "321122", "321221", "312212", "322112", "322211",
		"212123", "212321", "232121", "111323", "131123", "131321", "112313", "132113", "132311", "211313",
		"231113", "231311", "112133", "112331", "132131", "113123", "113321", "133121", "313121", "211331",
		"231131", "213113", "213311", "213131", "311123", "311321", "331121", "312113", "312311", "332111",
		"314111", "221411", "431111", "111224", "111422", "121124", "121421", "141122", "141221", "112214",
		"112412", "122114", "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111",
		"111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141",
		"214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311", "113141",
		"114131", "311141", "411131", "211412", "211214", "211232", "2331112",
	}
}
