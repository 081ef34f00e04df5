"""The fourteen allergens, and what may never be sold loose."""

from palier.api import Choice, Tick, _

# Regulation (EU) 1169/2011, annex II, in its order.
ALLERGENS = (
    Tick("gluten", _("Cereals containing gluten")),
    Tick("crustaceans", _("Crustaceans")),
    Tick("eggs", _("Eggs")),
    Tick("fish", _("Fish")),
    Tick("peanuts", _("Peanuts")),
    Tick("soybeans", _("Soybeans")),
    Tick("milk", _("Milk (including lactose)")),
    Tick("nuts", _("Nuts")),
    Tick("celery", _("Celery")),
    Tick("mustard", _("Mustard")),
    Tick("sesame", _("Sesame seeds")),
    Tick("sulphites", _("Sulphur dioxide and sulphites")),
    Tick("lupin", _("Lupin")),
    Tick("molluscs", _("Molluscs")),
)
KIND_NAMED = frozenset({"gluten", "nuts"})  # the cereal or the nut itself is named


class Goods(Choice):
    """What a product is for the law on loose sale (Consumer code D120-7, decree 2023-837)."""

    EVERYDAY = "everyday", _("Dry or everyday food")
    PERISHABLE = "perishable", _("Perishable food")
    BELOW_MINUS_12 = "below_minus_12", _("Kept below -12 °C, not quick-frozen")
    DIAPERS_PADS = "diapers_pads", _("Nappies and pads")
    COSMETICS = "cosmetics_and_others", _("Cosmetics and others by assisted service")
    HEATED_MILK = "liquid_heat_treated_milk", _("Heat-treated liquid milk")
    RAW_MILK = "raw_milk", _("Raw milk")
    INFANT = "infant_and_medical", _("Baby and medical food")
    FEED = "feed", _("Animal feed")
    RAW_PET_FOOD = "raw_pet_food", _("Raw pet food")
    FEED_ADDITIVES = "feed_additives", _("Feed additives")
    SUPPLEMENTS = "food_supplements", _("Food supplements")
    QUICK_FROZEN = "quick_frozen", _("Quick-frozen food")
    BIOCIDES = "biocides", _("Biocides")
    CHILD_RESISTANT = "child_resistant", _("Mixtures with a child-resistant cap")
    BATTERIES = "batteries", _("Batteries")
    TAMPONS = "tampons", _("Tampons")


ASSISTED = frozenset({Goods.PERISHABLE, Goods.BELOW_MINUS_12, Goods.DIAPERS_PADS, Goods.COSMETICS})
BARRED = frozenset(Goods) - ASSISTED - {Goods.EVERYDAY}
