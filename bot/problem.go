package bot

import (
	"strings"

	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// problemTexts are what operators are told, by kind: when it begins and when it is over.
var problemTexts = map[digest.ProblemKind]struct{ begun, over texts.ID }{
	digest.PlatformDown: {texts.ProblemPlatform, texts.ProblemPlatformOver},
	digest.BackupFailed: {texts.ProblemBackup, texts.ProblemBackupOver},
	digest.DigestsLate:  {texts.ProblemLate, texts.ProblemLateOver},
	digest.DiskFull:     {texts.ProblemDisk, texts.ProblemDiskOver},
	digest.FeedsFailing: {texts.ProblemFeeds, texts.ProblemFeedsOver},
	digest.StoreLost:    {texts.ProblemStore, texts.ProblemStore},
}

// longestDetail is how much of an error's own words operators are shown, in bytes.
const longestDetail = 300

// problemLines tell of a problem, or that it is over.
func problemLines(lang string, p digest.Problem, since string) []string {
	args := texts.Args{"Platform": platformName(p.Platform), "Time": since, "Count": p.Count}
	if !p.Over.IsZero() {
		return []string{texts.Say(lang, problemTexts[p.Kind].over, args)}
	}
	lines := []string{texts.Say(lang, problemTexts[p.Kind].begun, args)}
	if p.Detail != "" {
		lines = append(lines, digest.Clean(head(p.Detail, longestDetail)))
	}
	return lines
}

// problem is the notice that tells an operator of a problem.
func (w notice) problem() []digest.Line {
	zone := zoneOf(w.Zone)
	since := texts.Moment(w.Language, w.Problem.Since.In(zone), w.At.In(zone))
	if w.Zone == "" {
		since += " UTC"
	}
	return plainLines(problemLines(w.Language, *w.Problem, since))
}

// announcement is what an operator tells everybody, marked as such.
func (w notice) announcement() []digest.Line {
	lines := []digest.Line{{{Text: w.say(texts.AnnouncementFrom), Bold: true}}}
	return append(lines, plainLines(strings.Split(w.Text, "\n"))...)
}

func plainLines(lines []string) []digest.Line {
	var out []digest.Line
	for _, l := range lines {
		out = append(out, digest.Plain(digest.Clean(l)))
	}
	return out
}

// platformName is what people call a platform.
func platformName(p digest.Platform) string {
	switch p {
	case digest.Discord:
		return "Discord"
	case digest.Telegram:
		return "Telegram"
	}
	return string(p)
}
