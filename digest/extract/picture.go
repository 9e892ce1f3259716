package extract

import (
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode"
)

// longestPicture is the longest address of a picture in bytes: platforms take no longer
// one.
const longestPicture = 2048

// stock are words in the file names of pictures that say nothing of an article: the
// outlet's sign, or what its software shows where there is no picture.
var stock = []string{
	"logo", "logos", "logotype", "placeholder", "default", "fallback", "dummy", "blank", "spacer", "pixel", "sprite", "icon", "icons", "favicon", "avatar",
	"noimage", "nopicture", "nophoto", "missing", "generic", "masthead",
}

// stockParts are such words of two parts.
var stockParts = [][2]string{{"no", "image"}, {"no", "picture"}, {"no", "photo"}, {"social", "share"}, {"share", "image"}, {"site", "image"}, {"og", "image"}, {"apple", "touch"}}

// Picture is the address of an article's picture if it is fit to be shown: https, and by
// its name neither a drawing in a form that platforms do not show nor the outlet's logo;
// "" if not.
func Picture(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || len(address) > longestPicture {
		return ""
	}
	name := path.Base(u.Path)
	file := strings.ToLower(name)
	if slices.Contains([]string{".svg", ".ico", ".gif", ".bmp", ".tif", ".tiff", ".pdf", ".mp4"}, path.Ext(file)) {
		return ""
	}
	words := wordsIn(name)
	for i, w := range words {
		if slices.Contains(stock, w) || i > 0 && slices.Contains(stockParts, [2]string{words[i-1], w}) {
			return ""
		}
	}
	return u.String()
}

// wordsIn are the words of a file name in lower case: "defaultPromo-crop_2.png" is
// default, promo, crop, png.
func wordsIn(name string) []string {
	var b strings.Builder
	small := false
	for _, r := range name {
		if !unicode.IsLetter(r) {
			r = ' '
		} else if unicode.IsUpper(r) && small {
			b.WriteByte(' ')
		}
		small = unicode.IsLower(r)
		b.WriteRune(unicode.ToLower(r))
	}
	return strings.Fields(b.String())
}
