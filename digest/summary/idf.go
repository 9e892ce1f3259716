package summary

// inverseFrequency is how much a term tells: the logarithm of how rare it is in news of
// its language.
func inverseFrequency(term, lang string) float32 { return 1 }
