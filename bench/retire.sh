#!/bin/sh
# Which features can be retired: three planted worlds and the real case, the margin declared here beforehand.
# Prints Markdown; bench/results/retire.md holds its output. Usage: bench/retire.sh [FOLDER] [ASSAY]
# Worlds 1 to 3 served to develop this. In worlds 4 to 6, with 1,530 training users, 7,470 test users and 3 seeds, the standard error
# of a loss near the margin was .0005 and 12 of 18 features that stayed were undecided: so the fresh worlds have as many
# training users (1,600), 18,400 test users and 6 seeds.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-$(mktemp -d)}
assay=${2:-$here/../assay}
real=${ASSAY_REALCASE:-$here/../../shared/realcase}
margin=0.005

section() { sed -n '/^## If it were trained again/,/^### Importance over/p' "$1" | sed '1d;$d'; sed -n '/^### What can be retired/,/^##/p' "$1" | sed '1d;$d'; }

for seed in 7 8 9; do
    world=$folder/seed-$seed
    [ -d "$world" ] || "$assay" demo --out "$folder" --seed $seed --users 20000 --untouched 0.92 >&2
    sed '/^retrain:/,$d' "$world/study.yaml" > "$world/retire.yaml"
    cat >> "$world/retire.yaml" <<YAML
retrain:
  train: train.parquet
  drop: none
  shuffle: false
  retire: {margin: $margin, refused: 6, seeds: 6}
YAML
    "$assay" study "$world/retire.yaml" --out "$world/retire" >&2
    printf '## World %s\n\n' $seed
    section "$world/retire/report.md"
done

cat > "$folder/real.yaml" <<YAML
name: grocery case, deepfm
model: $real/models/deepfm_seed1.onnx
dictionary: $real/models/deepfm_seed1.features.json
vocabularies: $real/data/vocab.json
data: {explain: $real/data/valid.parquet, holdout: $real/data/test.parquet}
label: bought
cluster: household_id
request: trip_id
item: product_id
popularity: item_popularity_28d
methods: [permutation]
retrain:
  train: $real/data/train.parquet
  drop: none
  shuffle: false
  retire: {margin: $margin, looks: 16, refused: 8, seeds: 6}
YAML
"$assay" study "$folder/real.yaml" --out "$folder/real" >&2
printf '## The grocery case, DeepFM\n\n'
section "$folder/real/report.md"
