# R survey on the benchmark's survey: one measure, two breakdowns within areas. Prints one JSON line.
suppressPackageStartupMessages(library(survey))
rows <- read.csv(commandArgs(trailingOnly = TRUE)[1])
design <- svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = rows, nest = TRUE)
timed <- function(breakdown) {
  start <- proc.time()
  svyby(~y1, as.formula(paste("~area +", breakdown)), design, svymean, na.rm = TRUE)
  spent <- proc.time() - start
  sum(spent[c("user.self", "sys.self")])
}
calls <- c("66" = timed("g1"), "396" = timed("g12"))
cat(sprintf('{"calls": {"66": %f, "396": %f}, "version": "%s"}\n',
            calls[["66"]], calls[["396"]], as.character(packageVersion("survey"))))
