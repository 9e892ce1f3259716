# A static binary in an empty image; it does not run as root.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /out/newsdigest ./cmd/newsdigest \
 && mkdir -p /out/data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/newsdigest /usr/local/bin/newsdigest
# The number is any that is not root's; the data folder belongs to it.
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
ENV PATH=/usr/local/bin XDG_DATA_HOME=/data HOME=/data TMPDIR=/data
VOLUME /data
ENTRYPOINT ["newsdigest"]
CMD ["run"]
