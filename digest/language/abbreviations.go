package language

import (
	"strings"
	"sync"
)

// use says where the point after an abbreviation does not end the sentence.
type use uint8

const (
	notAbbreviated use = iota
	title              // never ends it: "Dr.", "vs."
	beforeNumber       // not before a number: "No. 5"
	anywhere           // not unless a function word follows: "Inc.", "Jan."
)

// abbreviations are written as in the language, in lower case without the last point.
// Those of "" hold in every language.
var abbreviations = map[string]map[use]string{
	"": {
		title: `dr prof mr mrs ms st sr sra vs`,
	},
	"en": {
		title: `mr mrs ms messrs mt ft rev hon gov sen rep reps gen lt col capt cmdr cpl sgt pvt maj adm supt det insp pres
			atty e.g i.e cf viz approx est vs v`,
		beforeNumber: `no nos fig figs vol p pp art sec ch para`,
		anywhere: `jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thurs fri sat sun inc corp ltd co bros jr llc
			plc etc ave blvd rd hwy dept univ assn natl intl u.s u.k u.n d.c a.m p.m ph.d m.d b.a ala ariz ark calif colo conn del fla ga
			ill ind kan ky la md mich minn miss mo mont neb nev okla ore pa tenn tex va vt wash wis wyo`,
	},
	"de": {
		title: `hr fr frl dipl ing med phil jur rer nat bzw ca evtl ggf rd inkl exkl insb sog vgl zzgl abzgl bspw gest geb verh z.b d.h
			u.a z.t i.d.r v.a o.ä u.ä s.o s.u str`,
		beforeNumber: `nr abs art aufl bd jg kap s seite ziff tel`,
		anywhere:     `jan feb mär apr jun jul aug sep sept okt nov dez mio mrd tsd usw etc co gmbh e.v st`,
	},
	"fr": {
		title:        `m mm mme mmes mlle mlles me mgr ste cf env p.ex`,
		beforeNumber: `n no art p pp vol chap fig av`,
		anywhere:     `janv févr avr juil sept oct nov déc etc bd ed éd cie`,
	},
	"es": {
		title:        `sres sras srta sto sta d dña dn dra gral cnel lic ing arq ud uds vd vds p.ej ee ff`,
		beforeNumber: `núm nº n art pág págs p pp vol cap fig`,
		anywhere:     `ene feb mar abr may jun jul ago sep sept oct nov dic etc cía av avda aprox ee.uu s.a`,
	},
	"pt": {
		title:        `srs sras srta d dom dra drs exmo exma eng gen cel sto sta`,
		beforeNumber: `n nº núm art pág p pp vol cap fig`,
		anywhere:     `jan fev mar abr mai jun jul ago set out nov dez etc cia av ltda aprox`,
	},
	"it": {
		title:        `sig sigg sig.ra sig.na dott dott.ssa avv ing arch on sen gen col mons s es cfr ecc`,
		beforeNumber: `n nr art pag pagg p pp vol cap fig`,
		anywhere:     `gen feb mar apr mag giu lug ago set ott nov dic etc`,
	},
	"nl": {
		title:        `dhr mevr mw drs ir ing mr jhr bijv bv d.w.z m.b.t o.a t.a.v i.v.m m.a.w`,
		beforeNumber: `nr art blz p pag`,
		anywhere:     `jan feb mrt apr jun jul aug sep sept okt nov dec enz etc`,
	},
	"ru": {
		title:        `г гг ул пр просп им т.е т.к т.н т.д т.п см ср напр проф акад д-р г-н г-жа тел кв корп`,
		beforeNumber: `стр рис табл п ч`,
		anywhere:     `млн млрд трлн тыс руб коп янв фев апр авг сен сент окт ноя дек др пр`,
	},
	"uk": {
		title:        `м р вул просп ім т.зв див проф акад п тобто`,
		beforeNumber: `стор рис табл ст ч`,
		anywhere:     `млн млрд тис грн коп січ лют бер квіт трав черв лип серп вер жовт лист груд ін`,
	},
	"tr": {
		title:        `doç yrd av alb bnb gen örn bkz sn op uzm müh hz`,
		beforeNumber: `no s sf cilt`,
		anywhere:     `vb vs mah cad sok apt ltd şti a.ş t.c`,
	},
	"hi": {title: `डॉ श्री सुश्री प्रो कु पं`},
	"vi": {title: `ts ths gs pgs bs ks tp tx ths ls`},
	"pl": {
		title:        `p pan inż mgr hab ul al np tzw tj tzn ks płk gen mjr kpt por`,
		beforeNumber: `nr s str art rys`,
		anywhere:     `r w mln mld tys zł itd itp godz`,
	},
}

var abbreviationSets = sync.OnceValue(func() map[string]map[string]use {
	sets := map[string]map[string]use{}
	for lang, uses := range abbreviations {
		sets[lang] = map[string]use{}
		for u, list := range uses {
			for _, a := range strings.Fields(list) {
				sets[lang][a] = u
			}
		}
	}
	return sets
})

// abbreviation is how a word without its last point is abbreviated in the language.
func abbreviation(word, lang string) use {
	low := Lower(word, lang)
	sets := abbreviationSets()
	if u := sets[lang][low]; u != notAbbreviated {
		return u
	}
	return sets[""][low]
}

// ordinals are the languages that write ordinal numbers with a point ("3. Oktober").
var ordinals = map[string]bool{
	"cs": true, "da": true, "de": true, "et": true, "fi": true, "hr": true, "hu": true, "lv": true, "no": true,
	"pl": true, "sk": true, "sl": true, "sr": true, "tr": true,
}
